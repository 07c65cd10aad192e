// SPDX-License-Identifier: Apache-2.0
// One file, no scripts, nothing loaded; light and dark by the reader's preference, legible when printed.
#include <fmt/format.h>
#include <algorithm>

#include "sim/report/exporters.hpp"
#include "sim/report/svg_chart.hpp"
#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view style_sheet = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#5b6570;--paper:#fff;--rule:#d8dee4;--bar:#2f6f9f;--good:#1a7f37;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--dim:#9aa4ae;--paper:#16191d;--rule:#343b43;--bar:#6fb1dd;--good:#57c274;--bad:#ff8a80}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}.sub,.note,th{color:var(--dim)}
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.bar{display:block;height:.8rem;background:var(--bar);print-color-adjust:exact}
figure{margin:.5rem 0;break-inside:avoid}figcaption{color:var(--dim);font-size:.85rem}
svg.chart{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}svg.chart text{fill:var(--ink)}svg.chart .dim{fill:var(--dim)}
svg.chart .grid{stroke:var(--rule);stroke-width:1}svg.chart .edge{stroke:var(--paper);stroke-width:.5}svg.chart .line{stroke:var(--ink);stroke-width:1.5}svg.chart .limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 3}svg.chart .join{fill:none;stroke:var(--dim);stroke-width:1.2}svg.chart circle{stroke:var(--paper)}
.c0{fill:#3b76af}.c1{fill:#e08e36}.c2{fill:#519e53}.c3{fill:#c04e4e}.c4{fill:#8a6bb8}.c5{fill:#8c6a56}.c6{fill:#d480b3}.c7{fill:#7f8790}.c8{fill:#b8ab33}.c9{fill:#45b0bd}
.band{fill:var(--bar);opacity:.45}.mark{fill:var(--bad)}
@media print{body{max-width:none;margin:0;font-size:12px}h2{break-after:avoid}tr,li{break-inside:avoid}:root{--ink:#000;--paper:#fff;--dim:#444;--rule:#ccc}}
.good{color:var(--good)}.bad{color:var(--bad)}.verdict{font-weight:600}
)";

class HtmlWriter {
 public:
  explicit HtmlWriter(const Report& report) {
    out_ =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>" +
        escaped(report.title) + "</title><style>" + std::string(style_sheet) + "</style></head><body>\n<h1>" +
        escaped(report.title) + "</h1>\n";
    if (!report.subtitle.empty()) out_ += "<p class=\"sub\">" + escaped(report.subtitle) + "</p>\n";
  }

  void operator()(const Figure& f) {
    if (f.label.empty() || f.audience == Audience::programs) return;
    open_figures();
    out_ +=
        fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"note\">{}</td><td class=\"note\">{}</td></tr>\n",
                    escaped(f.label), escaped(format(f.value, f.unit, f.band)),
                    f.band ? escaped(format(*f.band, f.unit)) + " (80 %)" : "", escaped(f.note));
  }
  void operator()(const Fact& f) {
    if (f.label.empty() || f.audience == Audience::programs) return;
    open_figures();
    out_ += fmt::format("<tr><td>{}</td><td colspan=\"3\">{}</td></tr>\n", escaped(f.label), escaped(f.value));
  }
  void operator()(const Flag&) {}
  void operator()(const Document&) {}
  void operator()(const Chart& c) {
    if (c.marks.empty()) return;
    title(c.title);
    out_ += "<figure>" + svg_chart(c);
    if (!c.caption.empty()) out_ += "<figcaption>" + escaped(c.caption) + "</figcaption>";
    out_ += "</figure>\n";
  }
  void operator()(const Heading& h) { title(h.text); }
  void operator()(const Verdict& v) {
    close_figures();
    const std::string_view mood = v.mood == Verdict::Mood::good ? "good" : v.mood == Verdict::Mood::bad ? "bad" : "";
    out_ += fmt::format("<p class=\"verdict {}\">{}</p>\n", mood, escaped(v.text));
  }
  void operator()(const List& l) {
    if (l.audience == Audience::programs || l.points.empty()) return;
    title(l.title);
    out_ += "<ul>\n";
    for (const std::string& p : l.points) out_ += "<li>" + escaped(p) + "</li>\n";
    out_ += "</ul>\n";
  }
  void operator()(const Table& t) {
    if (t.audience == Audience::programs || t.rows.empty()) return;
    title(t.title);
    out_ += "<table><tr>";
    for (const Column& c : t.columns) {
      if (shown(c)) out_ += fmt::format("<th{}>{}</th>", numeric(c), escaped(c.bar ? "" : c.title));
    }
    out_ += "</tr>\n";
    for (const std::vector<Cell>& row : t.rows) table_row(t, row);
    out_ += "</table>\n";
  }

  std::string finish() {
    close_figures();
    return out_ + "</body></html>\n";
  }

 private:
  static std::string_view numeric(const Column& c) { return c.unit == Unit::text || c.bar ? "" : " class=\"n\""; }
  void open_figures() {
    if (!in_figures_) out_ += "<table>\n";
    in_figures_ = true;
  }
  void close_figures() {
    if (in_figures_) out_ += "</table>\n";
    in_figures_ = false;
  }
  void title(const std::string& text) {
    close_figures();
    if (!text.empty()) out_ += "<h2>" + escaped(text) + "</h2>\n";
  }
  void table_row(const Table& t, const std::vector<Cell>& row) {
    out_ += "<tr>";
    for (std::size_t i = 0; i < t.columns.size(); ++i) {
      const Column& c = t.columns[i];
      if (!shown(c)) continue;
      const Cell cell = i < row.size() ? row[i] : Cell{};
      const double* share = std::get_if<double>(&cell);
      if (c.bar && share != nullptr) {
        out_ += fmt::format("<td style=\"width:30%\"><span class=\"bar\" style=\"width:{:.1f}%\"></span></td>",
                            100 * std::clamp(*share, 0.0, 1.0));
      } else {
        out_ += fmt::format("<td{}>{}</td>", numeric(c), escaped(c.bar ? "" : cell_text(cell, c)));
      }
    }
    out_ += "</tr>\n";
  }

  std::string out_;
  bool in_figures_ = false;
};

}  // namespace

std::string to_html(const Report& report, const TextStyle&) {
  HtmlWriter writer(report);
  for (const Item& item : report.items) std::visit(writer, item);
  return writer.finish();
}

}  // namespace sextant::sim::report
