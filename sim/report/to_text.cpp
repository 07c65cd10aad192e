// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "sim/report/exporters.hpp"
#include "sim/report/text_layout.hpp"
#include "sim/report/text_table.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::size_t bar_width = 20;
constexpr std::size_t least_wrap = 24;

class TextWriter {
 public:
  explicit TextWriter(const TextStyle& style) : style_(style) {}

  std::string write(const Report& report) {
    if (!report.title.empty()) line(bold(report.title));
    for (const std::string& part : wrapped(report.subtitle, width())) {
      if (!part.empty()) line(dim(part));
    }
    const std::span<const Item> items(report.items);
    for (std::size_t i = 0; i < items.size();) {
      const std::size_t end = end_of_block(items, i);
      if (end > i) {
        block(items.subspan(i, end - i));
        after_verdict_ = false;
        i = end;
      } else {
        std::visit([this](const auto& item) { single(item); }, items[i++]);
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(std::max(40, style_.width)); }
  [[nodiscard]] std::string coloured(std::string_view text, std::string_view code) const {
    return style_.colour && !text.empty() ? std::string(code) + std::string(text) + "\033[0m" : std::string(text);
  }
  [[nodiscard]] std::string bold(std::string_view t) const { return coloured(t, "\033[1m"); }
  [[nodiscard]] std::string dim(std::string_view t) const { return coloured(t, "\033[2m"); }

  void line(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }
  void gap() {
    if (!out_.empty() && !(out_.size() > 1 && out_[out_.size() - 1] == '\n' && out_[out_.size() - 2] == '\n'))
      out_ += '\n';
  }

  static bool in_block(const Item& item) {
    return std::holds_alternative<Figure>(item) || std::holds_alternative<Fact>(item) ||
           std::holds_alternative<Flag>(item);
  }
  static std::size_t end_of_block(std::span<const Item> items, std::size_t i) {
    while (i < items.size() && in_block(items[i])) ++i;
    return i;
  }

  /// A line of a block: a number right-aligned with its remarks, or a text.
  struct Row {
    std::string label;
    std::string number;
    std::string text;
  };

  static std::string remarks(const Figure& f) {
    std::string out;
    if (f.band) out = format(*f.band, f.unit) + " (80 %)";
    if (!f.note.empty()) out += (out.empty() ? "" : "  ") + f.note;
    return out;
  }

  static std::vector<Row> rows_of(std::span<const Item> items) {
    std::vector<Row> rows;
    for (const Item& item : items) {
      if (const auto* f = std::get_if<Figure>(&item); f != nullptr && f->audience != Audience::programs) {
        if (!f->label.empty()) rows.push_back({f->label, format(f->value, f->unit, f->band), remarks(*f)});
      } else if (const auto* t = std::get_if<Fact>(&item); t != nullptr && t->audience != Audience::programs) {
        if (!t->label.empty()) rows.push_back({t->label, "", t->value});
      }
    }
    return rows;
  }

  void block(std::span<const Item> items) {
    const std::vector<Row> rows = rows_of(items);
    if (rows.empty()) return;
    std::size_t label_width = 0;
    std::size_t number_width = 0;
    for (const Row& r : rows) {
      label_width = std::max(label_width, display_width(r.label));
      number_width = std::max(number_width, display_width(r.number));
    }
    if (!after_heading_) gap();
    after_heading_ = false;
    for (const Row& r : rows) {
      std::string head = "  " + padded_right(r.label, label_width) + "  ";
      if (!r.number.empty()) head += padded_left(r.number, number_width) + "  ";
      const std::size_t at = display_width(head);
      const std::size_t room = width() > at + least_wrap ? width() - at : least_wrap;
      bool first = true;
      for (const std::string& part : wrapped(r.text, room)) {
        line((first ? head : std::string(at, ' ')) + (r.number.empty() ? part : dim(part)));
        first = false;
      }
    }
  }

  void single(const Figure&) {}
  void single(const Fact&) {}
  void single(const Flag&) {}
  void single(const Document&) {}
  void single(const Chart&) {}

  void single(const Heading& h) {
    gap();
    line(bold(h.text));
    after_heading_ = true;
  }

  void single(const Verdict& v) {
    if (!after_verdict_) gap();
    after_verdict_ = true;
    const std::string_view code = v.mood == Verdict::Mood::good  ? "\033[1;32m"
                                  : v.mood == Verdict::Mood::bad ? "\033[1;31m"
                                                                 : "\033[1m";
    for (const std::string& part : wrapped(v.text, width())) line(coloured(part, code));
  }

  void single(const List& list) {
    if (list.audience == Audience::programs || list.points.empty()) return;
    if (!list.title.empty()) {
      gap();
      line(bold(list.title));
    } else if (!after_heading_) {
      gap();
    }
    after_heading_ = false;
    for (const std::string& point : list.points) {
      bool first = true;
      for (const std::string& part : wrapped(point, width() - 4)) {
        line((first ? "  - " : "    ") + part);
        first = false;
      }
    }
  }

  TextColumn lay(const Table& table, std::size_t index) const {
    const Column& c = table.columns[index];
    TextColumn laid{c.title, "", {}, c.bar ? 0 : display_width(c.title), c.unit != Unit::text && !c.bar, c.bar};
    for (const std::vector<Cell>& row : table.rows) {
      const Cell cell = index < row.size() ? row[index] : Cell{};
      const double* share = std::get_if<double>(&cell);
      laid.texts.push_back(!c.bar             ? cell_text(cell, c)
                           : share != nullptr ? bar(*share, bar_width, style_.unicode)
                                              : "");
      laid.width = std::max(laid.width, display_width(laid.texts.back()));
    }
    return laid;
  }

  void single(const Table& table) {
    if (table.audience == Audience::programs || table.rows.empty()) return;
    if (!table.title.empty()) {
      gap();
      line(bold(table.title));
    } else if (!after_heading_) {
      gap();
    }
    after_heading_ = false;
    std::vector<TextColumn> columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (shown(table.columns[i])) columns.push_back(lay(table, i));
    }
    if (columns.empty()) return;
    fit(columns, width());
    const bool titled =
        std::any_of(columns.begin(), columns.end(), [](const TextColumn& c) { return !c.bar && c.title != " "; });
    if (titled) {
      for (const std::string& title : title_lines(columns)) line(dim(title));
    }
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      for (std::string& text : row_lines(columns, r, width())) line(std::move(text));
    }
  }

  TextStyle style_;
  std::string out_;
  bool after_heading_ = false;
  bool after_verdict_ = false;
};

}  // namespace

std::string to_text(const Report& report, const TextStyle& style) { return TextWriter(style).write(report); }

}  // namespace sextant::sim::report
