// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// The figures that two reports of one kind share, side by side. Columns: "key", "label", "a", "b", "difference",
/// "change" (b / a - 1; absent where a is 0), "unit" (the number of the Unit), "better" (1: b is better, -1: worse, 0:
/// neither). Order of `a`.
[[nodiscard]] Table difference(const Report& a, const Report& b);

/// For people: the values as texts in the units of their figures. Columns "key", "label", "a", "b", "difference",
/// "change", "better".
[[nodiscard]] Table shown_difference(const Report& a, const Report& b);

/// Whether a difference in the figure under this key is to be wished for: 1, -1, or 0 where nobody can say.
[[nodiscard]] int better(std::string_view key, double difference);

/// The same over the rows of two tables that agree in the key column; `value` is the key of the column compared.
[[nodiscard]] Table difference(const Table& a, const Table& b, std::string_view key, std::string_view value);

/// A column to be held against another table's.
struct ComparedColumn {
  std::string_view key;
  std::string_view like{};  ///< the key that says which way is better; empty: nobody can say
};
/// `b` with a column "difference/KEY" after each of these: by how much it differs from the row of `a` that has the same
/// `row_key`; where that is empty, from the first row of `a`. "better/difference/KEY" says whether that is to be wished
/// for.
[[nodiscard]] Table with_differences(const Table& a, Table b, std::string_view row_key,
                                     std::span<const ComparedColumn> columns);

/// The figure under a key; nullptr when there is none.
[[nodiscard]] const Figure* find_figure(const Report& report, std::string_view key);
/// The table under a key; nullptr when there is none.
[[nodiscard]] const Table* find_table(const Report& report, std::string_view key);
/// The list under a key; nullptr when there is none.
[[nodiscard]] const List* find_list(const Report& report, std::string_view key);
/// The place of a column by its key; -1 when there is none.
[[nodiscard]] int column_of(const Table& table, std::string_view key);

}  // namespace sextant::sim::report
