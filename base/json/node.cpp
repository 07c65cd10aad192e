// SPDX-License-Identifier: Apache-2.0
#include "base/json/node.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace sextant::json {

namespace {

struct Position {
  int line = 1;        // of the next character
  int token_line = 1;  // of the last character that is not white space: the end of the token just read
};

/// Counts lines as nlohmann's lexer consumes characters. The lexer reads one character past a number; that one is
/// white space or punctuation, so the line of the last visible character is the token's line all the same.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    const char c = *at_;
    if (c == '\n') {
      ++position_->line;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      position_->token_line = position_->line;
    }
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& o) const { return at_ == o.at_; }
  bool operator!=(const CountingIterator& o) const { return at_ != o.at_; }

 private:
  const char* at_;
  Position* position_;
};

/// Builds the located tree from nlohmann's SAX events.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(const std::string& file, const Position& position, Diagnostics& faults, ParseOptions options)
      : file_(file), position_(position), faults_(faults), options_(options) {}

  bool null() override { return put(make(Type::null)); }
  bool boolean(bool v) override {
    Node n = make(Type::boolean);
    n.boolean = v;
    return put(std::move(n));
  }
  bool number_integer(number_integer_t v) override { return put_number(static_cast<double>(v), true); }
  bool number_unsigned(number_unsigned_t v) override { return put_number(static_cast<double>(v), true); }
  bool number_float(number_float_t v, const string_t& text) override {
    if (!std::isfinite(v)) return fail("a number outside the range of a double: " + text);
    return put_number(v, text.find_first_of(".eE") == string_t::npos);
  }
  bool string(string_t& v) override {
    Node n = make(Type::string);
    n.string = v;
    return put(std::move(n));
  }
  bool binary(binary_t&) override { return fail("binary values are no JSON"); }
  bool start_object(std::size_t) override { return open(Type::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Type::array); }
  bool end_array() override { return close(); }

  bool key(string_t& k) override {
    Level& level = stack_.back();
    level.key = k;
    level.key_line = position_.token_line;
    if (!options_.allow_duplicate_keys && !level.seen.insert(k).second) {
      faults_.add({file_, position_.token_line, pointer() + "/" + k, "the key appears twice in this object", ""});
      faulty_ = true;
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string& last_token, const nlohmann::detail::exception& e) override {
    std::string message = e.what();
    const std::size_t colon = message.rfind(": ");
    const std::size_t dash = message.find(" - ");
    message = dash != std::string::npos ? message.substr(dash + 3)
                                        : (colon != std::string::npos ? message.substr(colon + 2) : message);
    if (message.rfind("[json.exception", 0) == 0 && message.find("] ") != std::string::npos) {
      message = message.substr(message.find("] ") + 2);  // "number overflow parsing '1e999'"
    }
    constexpr std::size_t longest_quote = 120;
    if (message.size() > longest_quote + 40) message = message.substr(0, longest_quote) + "...";
    (void)last_token;
    return fail("not valid JSON: " + message);
  }

  std::optional<Node> take() {
    if (faulty_ || !root_) return std::nullopt;
    return std::move(root_);
  }

 private:
  struct Level {
    Node node;
    std::string key;
    int key_line = 0;
    std::unordered_set<std::string> seen;
  };

  Node make(Type type) const {
    Node n;
    n.type = type;
    n.line = position_.token_line;
    return n;
  }

  bool put_number(double v, bool integral) {
    Node n = make(Type::number);
    n.number = v;
    n.integral = integral;
    return put(std::move(n));
  }

  bool put(Node n) {
    if (stack_.empty()) {
      root_ = std::move(n);
    } else if (Level& top = stack_.back(); top.node.type == Type::array) {
      top.node.items.push_back(std::move(n));
    } else {
      top.node.members.push_back({std::move(top.key), top.key_line, std::move(n)});
      top.key.clear();
    }
    return true;
  }

  bool open(Type type) {
    if (static_cast<int>(stack_.size()) >= max_depth) {
      return fail("nested deeper than " + std::to_string(max_depth) + " levels");
    }
    stack_.push_back(Level{make(type), {}, 0, {}});
    return true;
  }

  bool close() {
    Node done = std::move(stack_.back().node);
    stack_.pop_back();
    return put(std::move(done));
  }

  std::string pointer() const {
    std::string p;
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) {
      const Level& level = stack_[i];
      p += "/" + (level.node.type == Type::array ? std::to_string(level.node.items.size()) : level.key);
    }
    return p;
  }

  bool fail(std::string message) {
    faulty_ = true;
    faults_.add({file_, position_.token_line, pointer(), std::move(message), ""});
    return false;
  }

  const std::string& file_;
  const Position& position_;
  Diagnostics& faults_;
  ParseOptions options_;
  std::vector<Level> stack_;
  std::optional<Node> root_;
  bool faulty_ = false;
};

/// Replaces bare `Infinity`, `-Infinity` and `NaN` by `null`, outside strings; lines keep their numbers.
std::string without_non_finite(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      out += c;
      if (c == '\\' && i + 1 < text.size()) {
        out += text[++i];
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    const std::string_view rest = text.substr(i);
    std::size_t skip = 0;
    for (const std::string_view word :
         {std::string_view{"-Infinity"}, std::string_view{"Infinity"}, std::string_view{"NaN"}}) {
      if (rest.substr(0, word.size()) == word) skip = std::max(skip, word.size());
    }
    if (skip > 0) {
      out += "null";
      i += skip - 1;
      continue;
    }
    if (c == '"') in_string = true;
    out += c;
  }
  return out;
}

}  // namespace

std::string_view name(Type type) {
  switch (type) {
    case Type::null: return "null";
    case Type::boolean: return "true or false";
    case Type::number: return "a number";
    case Type::string: return "a string";
    case Type::array: return "an array";
    case Type::object: return "an object";
  }
  return "";
}

const Node* Node::find(std::string_view key) const {
  // The last one wins where duplicates were allowed, as in every lenient reader.
  for (auto it = members.rbegin(); it != members.rend(); ++it) {
    if (it->key == key) return it->value.type == Type::null ? nullptr : &it->value;
  }
  return nullptr;
}

std::optional<Node> parse(std::string_view text, const std::string& file, Diagnostics& faults, ParseOptions options) {
  if (text.size() > max_file_bytes) {
    faults.add({file, 0, "", "larger than 64 MiB", "Sextant's inputs are small; is this the right file?"});
    return std::nullopt;
  }
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  std::string cleaned;
  if (options.non_finite_as_null) {
    cleaned = without_non_finite(text);
    text = cleaned;
  }
  Position position;
  TreeBuilder builder(file, position, faults, options);
  const CountingIterator begin(text.data(), &position);
  const CountingIterator end(text.data() + text.size(), &position);
  nlohmann::json::sax_parse(begin, end, &builder);
  return builder.take();
}

}  // namespace sextant::json
