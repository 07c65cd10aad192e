// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exporters.hpp"
#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::size_t bar_width = 20;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<' || c == '`') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

class MarkdownWriter {
 public:
  explicit MarkdownWriter(const Report& report) {
    if (!report.title.empty()) out_ += "## " + escaped(report.title) + "\n";
    if (!report.subtitle.empty()) out_ += "\n" + escaped(report.subtitle) + "\n";
  }

  void operator()(const Figure& f) {
    if (f.label.empty() || f.audience == Audience::programs) return;
    figure_head();
    std::string remark = f.band ? format(*f.band, f.unit) : "";
    out_ += "| " + escaped(f.label) + " | " + escaped(format(f.value, f.unit, f.band)) + " | " + escaped(remark) +
            " | " + escaped(f.note) + " |\n";
  }
  void operator()(const Fact& f) {
    if (f.label.empty() || f.audience == Audience::programs) return;
    figure_head();
    out_ += "| " + escaped(f.label) + " | " + escaped(f.value) + " | | |\n";
  }
  void operator()(const Flag&) {}
  void operator()(const Document&) {}
  void operator()(const Chart&) {}
  void operator()(const Heading& h) { title(h.text); }
  void operator()(const Verdict& v) {
    in_figures_ = false;
    out_ += "\n**" + escaped(v.text) + "**\n";
  }
  void operator()(const List& l) {
    if (l.audience == Audience::programs || l.points.empty()) return;
    title(l.title);
    out_ += "\n";
    for (const std::string& p : l.points) out_ += "- " + escaped(p) + "\n";
  }
  void operator()(const Table& t) {
    if (t.audience == Audience::programs || t.rows.empty()) return;
    title(t.title);
    out_ += "\n|";
    std::string rule = "|";
    for (const Column& c : t.columns) {
      if (!shown(c)) continue;
      out_ += " " + escaped(c.bar ? "" : c.title) + " |";
      rule += c.unit == Unit::text || c.bar ? " --- |" : " ---: |";
    }
    out_ += "\n" + rule + "\n";
    for (const std::vector<Cell>& row : t.rows) table_row(t, row);
  }

  [[nodiscard]] const std::string& text() const { return out_; }

 private:
  void title(const std::string& text) {
    in_figures_ = false;
    if (!text.empty()) out_ += "\n### " + escaped(text) + "\n";
  }
  void figure_head() {
    if (!in_figures_) out_ += "\n| | | 80 % band | |\n| --- | ---: | --- | --- |\n";
    in_figures_ = true;
  }
  void table_row(const Table& t, const std::vector<Cell>& row) {
    out_ += "|";
    for (std::size_t i = 0; i < t.columns.size(); ++i) {
      const Column& c = t.columns[i];
      if (!shown(c)) continue;
      const Cell cell = i < row.size() ? row[i] : Cell{};
      const double* share = std::get_if<double>(&cell);
      out_ += " " + (c.bar && share != nullptr ? bar(*share, bar_width, true) : escaped(cell_text(cell, c))) + " |";
    }
    out_ += "\n";
  }

  std::string out_;
  bool in_figures_ = false;
};

}  // namespace

std::string to_markdown(const Report& report, const TextStyle&) {
  MarkdownWriter writer(report);
  for (const Item& item : report.items) std::visit(writer, item);
  return writer.text();
}

}  // namespace sextant::sim::report
