// SPDX-License-Identifier: Apache-2.0
// A result as finished numbers. Text, JSON, CSV, Markdown, HTML and the GUI show a Report; none of them computes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/band.hpp"
#include "sim/report/unit.hpp"

namespace sextant::sim::report {

/// Who an item is for. Programs read JSON and CSV; people read text, Markdown and HTML.
enum class Audience : std::uint8_t { all, programs, people };

/// A number with its unit and, where it is known, its 80 % band.
struct Figure {
  std::string key{};    ///< where JSON has it, levels joined by '/'; empty: only for people
  std::string label{};  ///< for people
  double value = 0;
  Unit unit = Unit::number;
  std::optional<Band<double>> band{};
  std::string band_key{};  ///< where JSON has [low, high]; empty: only for people
  std::string note{};      ///< the reason or the scale, e.g. "of 85.5 GB on the fullest rank"
  Audience audience = Audience::all;
};

/// A word or sentence.
struct Fact {
  std::string key{};
  std::string label{};
  std::string value{};
  Audience audience = Audience::all;
};

/// Yes or no.
struct Flag {
  std::string key{};
  bool value = false;
  Audience audience = Audience::programs;
};

/// Sentences, one point each.
struct List {
  std::string key{};
  std::string title{};
  std::vector<std::string> points{};
  Audience audience = Audience::all;
};

/// A JSON text that goes into the JSON form as it is, e.g. a run that can be read back.
struct Embedded {
  std::string text;
};

/// A cell without a value is left out of JSON and shown as "-".
using Cell = std::variant<std::monostate, bool, double, std::string, std::vector<std::string>, Embedded>;

struct Column {
  std::string key{};    ///< of the row's JSON object, levels joined by '/'; empty: only for people
  std::string title{};  ///< empty: only for programs
  Unit unit = Unit::text;
  bool bar = false;  ///< a share from 0 to 1 that people see as a bar
};

struct Table {
  std::string key{};
  std::string title{};
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};
  Audience audience = Audience::all;
  bool main = false;  ///< what CSV writes
};

/// A title above what follows; only for people.
struct Heading {
  std::string text{};
};

/// A line that stands out: the verdict, or what is wrong.
struct Verdict {
  enum class Mood : std::uint8_t { good, bad, neutral };
  std::string text{};
  Mood mood = Mood::neutral;
};

/// A JSON value that only programs read, e.g. a run that can be read back.
struct Document {
  std::string key{};
  Embedded value{};
};

/// A drawing of finished numbers; forms without pictures leave it out.
struct Chart {
  enum class Kind : std::uint8_t {
    stacked,    ///< a bar a row, made of marks from..to
    intervals,  ///< a band from..to a row, its middle, and what it is held against
    gantt,      ///< marks from..to on a row a rank
    scatter,    ///< a point at (from, to), `row` written beside it
  };
  struct Mark {
    std::string row{};
    std::string series{};  ///< decides the colour
    double from = 0;
    double to = 0;
    std::optional<double> middle{};
    std::optional<double> against{};  ///< a published value, drawn as a diamond
    std::string note{};               ///< told when pointed at
  };

  Kind kind = Kind::stacked;
  std::string title{};
  std::string axis{};  ///< what the numbers along the bottom are
  Unit unit = Unit::number;
  bool logarithmic = false;
  std::string up{};               ///< of a scatter: what the numbers along the side are
  Unit up_unit = Unit::number;    ///< and their unit
  std::string joined{};           ///< of a scatter: the series whose points a line joins, in their order
  std::optional<double> limit{};  ///< drawn as a line across all rows, e.g. a GPU's memory
  std::vector<Mark> marks{};
  std::string caption{};
};

using Item = std::variant<Figure, Fact, Flag, List, Table, Heading, Verdict, Document, Chart>;

struct Report {
  std::string format{};    ///< "sextant/step/1"
  std::string title{};     ///< first line for people
  std::string subtitle{};  ///< second line
  std::vector<Item> items{};

  template <class T>
  Report& add(T item) {
    items.emplace_back(std::move(item));
    return *this;
  }
};

}  // namespace sextant::sim::report
