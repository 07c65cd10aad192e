// SPDX-License-Identifier: Apache-2.0
// The declaration of a JSON object: its keys, types, ranges and meaning, once. From it come the reader (all faults at
// once, unknown keys refused), the writer and the published JSON Schema. Include only in loaders and writers.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::json {

using Json = nlohmann::ordered_json;

/// What a number may be, and the unit the file writes it in.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool min_excluded = false;
  double unit = 1.0;  ///< base units per unit of the file, e.g. 1048576 for MiB

  [[nodiscard]] constexpr Range in_units_of(double base_units) const { return {min, max, min_excluded, base_units}; }
};
constexpr Range any() { return {}; }
constexpr Range positive(double max = std::numeric_limits<double>::infinity()) { return {0.0, max, true, 1.0}; }
constexpr Range non_negative(double max = std::numeric_limits<double>::infinity()) { return {0.0, max, false, 1.0}; }
constexpr Range between(double min, double max) { return {min, max, false, 1.0}; }

/// Specialise with `static constexpr std::array<std::pair<std::string_view, E>, N> table`; the first name of a value
/// is the one written, further ones are accepted.
template <class E>
struct EnumNames;

template <>
struct EnumNames<Trust> {
  static constexpr auto table = trust_names;
};

template <class T>
class Shape;

/// Specialise with `static const Shape<T>& get()` for structs read through a Shape.
template <class T>
struct ShapeOf;

/// Reads, writes and describes one C++ type. Specialise for types with a form of their own.
template <class T, class Enable = void>
struct Value;

[[nodiscard]] bool read_number(const Cursor& c, const Range& range, bool integral, double& out);
[[nodiscard]] Json describe_number(const Range& range, bool integral);

template <>
struct Value<double> {
  static bool read(const Cursor& c, const Range& r, double& out) { return read_number(c, r, false, out); }
  static Json write(double v, const Range& r) { return v / r.unit; }
  static Json describe(const Range& r) { return describe_number(r, false); }
};

template <class I>
struct Value<I, std::enable_if_t<std::is_integral_v<I> && !std::is_same_v<I, bool>>> {
  static bool read(const Cursor& c, const Range& r, I& out) {
    double v = 0.0;
    if (!read_number(c, r, true, v)) return false;
    constexpr double largest = std::is_same_v<I, int> ? 2147483647.0 : 9007199254740992.0;
    if (std::abs(v) > largest) return c.expected("an integer up to " + std::to_string(static_cast<long long>(largest)));
    out = static_cast<I>(v);
    return true;
  }
  static Json write(I v, const Range&) { return v; }
  static Json describe(const Range& r) { return describe_number(r, true); }
};

template <>
struct Value<bool> {
  static bool read(const Cursor& c, const Range&, bool& out) {
    if (c.node().type != Type::boolean) return c.expected("true or false");
    out = c.node().boolean;
    return true;
  }
  static Json write(bool v, const Range&) { return v; }
  static Json describe(const Range&) { return {{"type", "boolean"}}; }
};

template <>
struct Value<std::string> {
  static bool read(const Cursor& c, const Range&, std::string& out) {
    if (c.node().type != Type::string) return c.expected("a string");
    out = c.node().string;
    return true;
  }
  static Json write(const std::string& v, const Range&) { return v; }
  static Json describe(const Range&) { return {{"type", "string"}}; }
};

template <Dim D>
struct Value<Quantity<D>> {
  static bool read(const Cursor& c, const Range& r, Quantity<D>& out) {
    double v = 0.0;
    if (!read_number(c, r, false, v)) return false;
    out = Quantity<D>{v};
    return true;
  }
  static Json write(Quantity<D> v, const Range& r) { return v.value() / r.unit; }
  static Json describe(const Range& r) { return describe_number(r, false); }
};

template <class E>
struct Value<E, std::enable_if_t<std::is_enum_v<E>>> {
  static bool read(const Cursor& c, const Range&, E& out) {
    std::vector<std::string_view> names;
    for (const auto& [text, value] : EnumNames<E>::table) {
      if (c.node().type == Type::string && c.node().string == text) {
        out = value;
        return true;
      }
      names.push_back(text);
    }
    std::string list;
    for (const std::string_view n : names) list += (list.empty() ? "" : ", ") + std::string(n);
    if (c.node().type != Type::string) return c.expected("one of " + list);
    c.fault("\"" + c.node().string.substr(0, 60) + "\" is not one of " + list, did_you_mean(c.node().string, names));
    return false;
  }
  static Json write(E v, const Range&) {
    for (const auto& [text, value] : EnumNames<E>::table) {
      if (value == v) return std::string(text);
    }
    return nullptr;
  }
  static Json describe(const Range&) {
    Json names = Json::array();
    for (const auto& entry : EnumNames<E>::table) names.push_back(std::string(entry.first));
    return {{"enum", names}};
  }
};

template <class T>
struct Value<std::optional<T>> {
  static bool read(const Cursor& c, const Range& r, std::optional<T>& out) {
    T v{};
    if (!Value<T>::read(c, r, v)) return false;
    out = std::move(v);
    return true;
  }
  static Json write(const std::optional<T>& v, const Range& r) { return v ? Value<T>::write(*v, r) : Json(nullptr); }
  static Json describe(const Range& r) { return Value<T>::describe(r); }
};

template <class T>
struct Value<std::vector<T>> {
  static bool read(const Cursor& c, const Range& r, std::vector<T>& out) {
    if (c.node().type != Type::array) return c.expected("an array");
    bool good = true;
    std::vector<T> list(c.node().items.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Cursor at = c.item(i);
      T v{};
      good = Value<T>::read(at, r, v) && good;
      list[i] = std::move(v);
    }
    if (good) out = std::move(list);
    return good;
  }
  static Json write(const std::vector<T>& v, const Range& r) {
    Json list = Json::array();
    for (const T& x : v) list.push_back(Value<T>::write(x, r));
    return list;
  }
  static Json describe(const Range& r) { return {{"type", "array"}, {"items", Value<T>::describe(r)}}; }
};

template <class T>
struct Value<std::map<std::string, T>> {
  static bool read(const Cursor& c, const Range& r, std::map<std::string, T>& out) {
    if (c.node().type != Type::object) return c.expected("an object");
    bool good = true;
    for (const Member& m : c.node().members) {
      const Cursor at = c.member(m.key, m.value);
      T v{};
      if (Value<T>::read(at, r, v)) {
        out[m.key] = std::move(v);
      } else {
        good = false;
      }
    }
    return good;
  }
  static Json write(const std::map<std::string, T>& v, const Range& r) {
    Json object = Json::object();
    for (const auto& [key, x] : v) object[key] = Value<T>::write(x, r);
    return object;
  }
  static Json describe(const Range& r) { return {{"type", "object"}, {"additionalProperties", Value<T>::describe(r)}}; }
};

template <class T>
struct Value<T, std::void_t<decltype(ShapeOf<T>::get())>> {
  static bool read(const Cursor& c, const Range&, T& out) { return ShapeOf<T>::get().read(c, out); }
  static Json write(const T& v, const Range&) { return ShapeOf<T>::get().write(v); }
  static Json describe(const Range&) { return ShapeOf<T>::get().schema(); }
};

/// Reports every key of the object at `c` that is not in `known`, with the nearest known one.
bool refuse_unknown_keys(const Cursor& c, std::span<const std::string_view> known);

template <class T>
class Shape {
 public:
  explicit Shape(std::string title) : title_(std::move(title)) {}

  /// A key that must be there.
  template <class M>
  Shape& required(std::string key, M T::*member, std::string doc, Range range = {}) {
    return add(std::move(key), member, std::move(doc), range, true);
  }
  /// A key that may be absent (or null); the member then keeps its default.
  template <class M>
  Shape& optional(std::string key, M T::*member, std::string doc, Range range = {}) {
    return add(std::move(key), member, std::move(doc), range, false);
  }
  /// A key of a member inside a member: `get` is a generic lambda `[](auto& v) -> auto& { return v.peak.bf16; }`.
  template <class F, class = std::enable_if_t<!std::is_member_pointer_v<F>>>
  Shape& required(std::string key, F get, std::string doc, Range range = {}) {
    return add_at(std::move(key), get, std::move(doc), range, true);
  }
  template <class F, class = std::enable_if_t<!std::is_member_pointer_v<F>>>
  Shape& optional(std::string key, F get, std::string doc, Range range = {}) {
    return add_at(std::move(key), get, std::move(doc), range, false);
  }
  /// A key with a reader, writer (null: not written) and description of its own.
  Shape& custom(std::string key, std::string doc, bool is_required, std::function<bool(const Cursor&, T&)> read_value,
                std::function<Json(const T&)> write_value, std::function<Json()> describe) {
    fields_.push_back({std::move(key), std::move(doc), is_required, std::move(read_value), std::move(write_value),
                       std::move(describe)});
    return *this;
  }
  /// A key that may stand there and is not read (a remark for people, or a figure derived elsewhere).
  Shape& ignored(std::string key, std::string doc) {
    fields_.push_back({std::move(key), std::move(doc), false, nullptr, nullptr, [] { return Json::object(); }});
    return *this;
  }
  /// A rule over the whole object, run when every field was read; report through the cursor, return false on a fault.
  Shape& check(std::function<bool(const Cursor&, const T&)> rule) {
    rules_.push_back(std::move(rule));
    return *this;
  }

  bool read(const Cursor& c, T& out) const { return read(c, out, true); }

  /// Lays the object's keys over a value that is already whole: every key is optional, unknown ones are refused.
  bool read_over(const Cursor& c, T& out) const { return read(c, out, false); }

  [[nodiscard]] Json write(const T& v) const {
    Json object = Json::object();
    for (const Field& f : fields_) {
      if (!f.write) continue;
      Json value = f.write(v);
      if (!value.is_null()) object[f.key] = std::move(value);
    }
    return object;
  }

  [[nodiscard]] Json schema() const {
    Json properties = Json::object();
    Json required = Json::array();
    for (const Field& f : fields_) {
      Json described = f.describe();
      described["description"] = f.doc;
      properties[f.key] = std::move(described);
      if (f.required) required.push_back(f.key);
    }
    return {{"title", title_},
            {"type", "object"},
            {"properties", properties},
            {"required", required},
            {"additionalProperties", false}};
  }

 private:
  struct Field {
    std::string key;
    std::string doc;
    bool required;
    std::function<bool(const Cursor&, T&)> read;
    std::function<Json(const T&)> write;
    std::function<Json()> describe;
  };

  template <class M>
  Shape& add(std::string key, M T::*member, std::string doc, Range range, bool required) {
    fields_.push_back({std::move(key), std::move(doc), required,
                       [member, range](const Cursor& c, T& out) { return Value<M>::read(c, range, out.*member); },
                       [member, range](const T& v) { return Value<M>::write(v.*member, range); },
                       [range] { return Value<M>::describe(range); }});
    return *this;
  }

  template <class F>
  Shape& add_at(std::string key, F get, std::string doc, Range range, bool is_required) {
    using M = std::remove_cvref_t<decltype(get(std::declval<T&>()))>;
    return custom(
        std::move(key), std::move(doc), is_required,
        [get, range](const Cursor& c, T& out) { return Value<M>::read(c, range, get(out)); },
        [get, range](const T& v) { return Value<M>::write(get(v), range); },
        [range] { return Value<M>::describe(range); });
  }

  bool read(const Cursor& c, T& out, bool whole) const {
    if (c.node().type != Type::object) return c.expected("an object");
    bool good = true;
    for (const Field& f : fields_) {
      const Node* value = c.node().find(f.key);
      if (value == nullptr) {
        if (whole && f.required) {
          c.fault("the key \"" + f.key + "\" is missing: " + f.doc);
          good = false;
        }
      } else if (f.read) {
        const Cursor at = c.member(f.key, *value);
        good = f.read(at, out) && good;
      }
    }
    std::vector<std::string_view> known;
    for (const Field& f : fields_) known.push_back(f.key);
    good = refuse_unknown_keys(c, known) && good;
    for (std::size_t i = 0; good && i < rules_.size(); ++i) good = rules_[i](c, out) && good;
    return good;
  }

  std::string title_;
  std::vector<Field> fields_;
  std::vector<std::function<bool(const Cursor&, const T&)>> rules_;
};

template <>
struct ShapeOf<Source> {
  static const Shape<Source>& get();
};

}  // namespace sextant::json
