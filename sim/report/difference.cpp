// SPDX-License-Identifier: Apache-2.0
#include "sim/report/difference.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sextant::sim::report {

namespace {

Table empty_table() {
  return {.key = "differences",
          .title = "A against B",
          .columns = {{"key", "", Unit::text},
                      {"label", " ", Unit::text},
                      {"a", "A", Unit::number},
                      {"b", "B", Unit::number},
                      {"difference", "B - A", Unit::number},
                      {"change", "change", Unit::change},
                      {"unit", "", Unit::count},
                      {"better", "", Unit::count}}};
}

constexpr std::array<std::string_view, 6> more_is_better{
    "mfu", "hfu", "tokens_per_s_per_gpu", "memory_headroom_gb", "effective", "goodput"};
constexpr std::array<std::string_view, 10> less_is_better{
    "days", "gpu_hours", "cost_usd", "energy_kwh", "seconds", "step_time_s", "gb", "paid", "rent_usd", "owned_usd"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void add_row(Table& t, const std::string& key, const std::string& label, double a, double b, Unit unit) {
  t.rows.push_back({key, label.empty() ? key : label, a, b, b - a, a != 0 ? Cell{b / a - 1} : Cell{},
                    static_cast<double>(static_cast<int>(unit)), static_cast<double>(better(key, b - a))});
}

template <class T>
const T* find(const Report& report, std::string_view key) {
  for (const Item& item : report.items) {
    const T* found = std::get_if<T>(&item);
    if (found != nullptr && found->key == key) return found;
  }
  return nullptr;
}

const std::string* text_at(const std::vector<Cell>& row, int column) {
  return column < 0 ? nullptr : std::get_if<std::string>(&row[static_cast<std::size_t>(column)]);
}

const double* number_at(const std::vector<Cell>& row, int column) {
  return column < 0 ? nullptr : std::get_if<double>(&row[static_cast<std::size_t>(column)]);
}

}  // namespace

int better(std::string_view key, double difference) {
  const int direction = among(more_is_better, key) ? 1 : among(less_is_better, key) ? -1 : 0;
  return difference > 0 ? direction : difference < 0 ? -direction : 0;
}

Table difference(const Report& a, const Report& b) {
  Table t = empty_table();
  for (const Item& item : a.items) {
    const auto* f = std::get_if<Figure>(&item);
    if (f == nullptr || f->key.empty()) continue;
    if (const Figure* other = find_figure(b, f->key)) add_row(t, f->key, f->label, f->value, other->value, f->unit);
  }
  return t;
}

Table shown_difference(const Report& a, const Report& b) {
  Table t{.key = "differences",
          .title = "A against B",
          .columns = {{"key", "", Unit::text},
                      {"label", " ", Unit::text},
                      {"a", "A", Unit::text},
                      {"b", "B", Unit::text},
                      {"difference", "B - A", Unit::text},
                      {"change", "change", Unit::change},
                      {"better", "", Unit::count}}};
  for (const std::vector<Cell>& row : difference(a, b).rows) {
    const Unit unit = static_cast<Unit>(static_cast<int>(std::get<double>(row[6])));
    const double d = std::get<double>(row[4]);
    t.rows.push_back({row[0], row[1], format(std::get<double>(row[2]), unit), format(std::get<double>(row[3]), unit),
                      (d > 0 ? "+" : "") + format(d, unit), row[5], row[7]});
  }
  return t;
}

Table difference(const Table& a, const Table& b, std::string_view key, std::string_view value) {
  Table t = empty_table();
  const int title = column_of(a, "title");
  const int value_a = column_of(a, value);
  if (value_a < 0) return t;
  const Unit unit = a.columns[static_cast<std::size_t>(value_a)].unit;
  for (const std::vector<Cell>& row : a.rows) {
    const std::string* id = text_at(row, column_of(a, key));
    const double* va = number_at(row, value_a);
    if (id == nullptr || va == nullptr) continue;
    const std::string* label = text_at(row, title);
    for (const std::vector<Cell>& other : b.rows) {
      const std::string* other_id = text_at(other, column_of(b, key));
      const double* vb = number_at(other, column_of(b, value));
      if (other_id == nullptr || vb == nullptr || *other_id != *id) continue;
      add_row(t, *id, label == nullptr ? *id : *label, *va, *vb, unit);
      t.rows.back().back() = static_cast<double>(better(value, *vb - *va));
      break;
    }
  }
  return t;
}

namespace {

/// The row of `t` whose key reads like this one; nullptr where there is none.
const std::vector<Cell>* row_like(const Table& t, int key, const Cell& wanted) {
  for (const std::vector<Cell>& row : t.rows) {
    const Cell& c = row[static_cast<std::size_t>(key)];
    const auto* text = std::get_if<std::string>(&c);
    const auto* number = std::get_if<double>(&c);
    const auto* wanted_text = std::get_if<std::string>(&wanted);
    const auto* wanted_number = std::get_if<double>(&wanted);
    if (text != nullptr && wanted_text != nullptr && *text == *wanted_text) return &row;
    if (number != nullptr && wanted_number != nullptr && *number == *wanted_number) return &row;
  }
  return nullptr;
}

}  // namespace

Table with_differences(const Table& a, Table b, std::string_view row_key, std::span<const ComparedColumn> columns) {
  const int key_a = column_of(a, row_key);
  const bool by_key = !row_key.empty();
  if (a.rows.empty() || (by_key && (key_a < 0 || column_of(b, row_key) < 0))) return b;
  for (const ComparedColumn& c : columns) {
    const int from = column_of(a, c.key);
    const int at = column_of(b, c.key);
    if (from < 0 || at < 0) continue;
    const std::string key = "difference/" + std::string(c.key);
    const Unit unit = b.columns[static_cast<std::size_t>(at)].unit;
    const auto key_b = static_cast<std::size_t>(by_key ? column_of(b, row_key) : 0);
    b.columns.insert(b.columns.begin() + at + 1, {key, "B - A", unit});
    b.columns.push_back({"better/" + key, "", Unit::count});
    for (std::vector<Cell>& row : b.rows) {
      row.resize(b.columns.size() - 2);
      const std::vector<Cell>* other = by_key ? row_like(a, key_a, row[key_b]) : &a.rows.front();
      const double* now = number_at(row, at);
      const double* then = other == nullptr ? nullptr : number_at(*other, from);
      std::optional<double> more;
      if (now != nullptr && then != nullptr) more = *now - *then;
      row.emplace(row.begin() + at + 1);
      row.emplace_back();
      if (!more) continue;
      row[static_cast<std::size_t>(at) + 1] = *more;
      row.back() = static_cast<double>(better(c.like, *more));
    }
  }
  return b;
}

const Figure* find_figure(const Report& report, std::string_view key) { return find<Figure>(report, key); }
const Table* find_table(const Report& report, std::string_view key) { return find<Table>(report, key); }
const List* find_list(const Report& report, std::string_view key) { return find<List>(report, key); }

int column_of(const Table& table, std::string_view key) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].key == key) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace sextant::sim::report
