// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/report_html.hpp"

#include <algorithm>

#include "gui/models/table_model.hpp"

namespace sextant::gui {

namespace {

using namespace sim::report;

QString safe(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

class Writer {
 public:
  Writer(const Theme& theme, std::size_t most_rows) : theme_(theme), most_rows_(most_rows) {}

  void head(const Report& r) {
    if (!r.title.empty()) {
      out_ += QStringLiteral("<p style='font-size:%1px; font-weight:600; margin:0 0 4px 0'>%2</p>")
                  .arg(type::heading)
                  .arg(safe(r.title));
    }
    if (!r.subtitle.empty()) out_ += muted(safe(r.subtitle));
  }

  void operator()(const Figure& f) {
    if (f.audience == Audience::programs || f.label.empty()) return;
    QString note = f.band ? QStringLiteral("%1, 80 %").arg(QString::fromStdString(format(*f.band, f.unit))) : QString();
    if (!f.note.empty()) note += (note.isEmpty() ? QString() : QStringLiteral("; ")) + safe(f.note);
    line(safe(f.label), QStringLiteral("<b>%1</b>").arg(QString::fromStdString(format(f.value, f.unit, f.band))), note);
  }
  void operator()(const Fact& f) {
    if (f.audience == Audience::programs || f.label.empty()) return;
    line(safe(f.label), safe(f.value), {});
  }
  void operator()(const Flag&) {}
  void operator()(const Document&) {}
  void operator()(const sim::report::Chart&) {}
  void operator()(const List& l) {
    if (l.audience == Audience::programs || l.points.empty()) return;
    title(l.title);
    out_ += QStringLiteral("<ul style='margin-left:-24px; margin-top:0'>");
    for (const std::string& p : l.points) out_ += QStringLiteral("<li style='margin-bottom:4px'>%1</li>").arg(safe(p));
    out_ += QStringLiteral("</ul>");
  }
  void operator()(const Table& t) {
    if (t.audience == Audience::programs || t.rows.empty()) return;
    title(t.title);
    out_ += QStringLiteral("<table cellspacing='0' cellpadding='3' width='100%'>");
    header(t);
    for (std::size_t i = 0; i < t.rows.size() && i < most_rows_; ++i) row(t, t.rows[i]);
    out_ += QStringLiteral("</table>");
    if (t.rows.size() > most_rows_) out_ += muted(QStringLiteral("and further rows"));
  }
  void operator()(const Heading& h) { title(h.text); }
  void operator()(const Verdict& v) {
    const QColor ink = v.mood == Verdict::Mood::bad    ? theme_.bad
                       : v.mood == Verdict::Mood::good ? theme_.good
                                                       : theme_.text;
    out_ += QStringLiteral("<p style='color:%1; font-weight:600'>%2</p>").arg(ink.name(), safe(v.text));
  }

  [[nodiscard]] QString take() const { return out_; }

 private:
  [[nodiscard]] QString muted(const QString& text) const {
    return QStringLiteral("<p style='color:%1; font-size:%2px; margin-top:0'>%3</p>")
        .arg(theme_.muted.name())
        .arg(type::caption)
        .arg(text);
  }
  void title(const std::string& text) {
    if (text.empty()) return;
    out_ += QStringLiteral("<p style='font-weight:600; margin:14px 0 4px 0'>%1</p>").arg(safe(text));
  }
  void line(const QString& label, const QString& value, const QString& note) {
    out_ += QStringLiteral("<p style='margin:2px 0'><span style='color:%1'>%2</span>&nbsp; %3")
                .arg(theme_.muted.name(), label, value);
    if (!note.isEmpty()) {
      out_ += QStringLiteral(" <span style='color:%1; font-size:%2px'>%3</span>")
                  .arg(theme_.muted.name())
                  .arg(type::caption)
                  .arg(note);
    }
    out_ += QStringLiteral("</p>");
  }
  static bool shown(const Column& c) { return !c.title.empty() && !c.bar; }
  void header(const Table& t) {
    const bool named = std::any_of(t.columns.begin(), t.columns.end(), [](const Column& c) {
      return shown(c) && c.title.find_first_not_of(' ') != std::string::npos;
    });
    if (!named) return;
    out_ += QStringLiteral("<tr>");
    for (const Column& c : t.columns) {
      if (!shown(c)) continue;
      out_ += QStringLiteral("<td align='%1' style='padding-left:8px; color:%2; font-size:%3px'>%4</td>")
                  .arg(align(c), theme_.muted.name())
                  .arg(type::caption)
                  .arg(safe(c.title).trimmed());
    }
    out_ += QStringLiteral("</tr>");
  }
  void row(const Table& t, const std::vector<Cell>& cells) {
    out_ += QStringLiteral("<tr>");
    for (std::size_t i = 0; i < t.columns.size(); ++i) {
      if (!shown(t.columns[i])) continue;
      const QString text = i < cells.size() ? cell_text(cells[i], t.columns[i].unit) : QString();
      out_ += QStringLiteral("<td align='%1' style='padding-left:8px; border-top:1px solid %2; font-size:11px'>%3</td>")
                  .arg(align(t.columns[i]), theme_.grid.name(), text.toHtmlEscaped());
    }
    out_ += QStringLiteral("</tr>");
  }
  static QString align(const Column& c) {
    return c.unit == Unit::text ? QStringLiteral("left") : QStringLiteral("right");
  }

  const Theme& theme_;
  std::size_t most_rows_;
  QString out_;
};

}  // namespace

QTextBrowser* report_browser(const QString& name, QWidget* parent) {
  auto* browser = new QTextBrowser(parent);
  browser->setFrameShape(QFrame::NoFrame);
  browser->setAccessibleName(name);
  browser->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  browser->setStyleSheet(QStringLiteral("QTextBrowser { border: none; padding: 0; }"));
  return browser;
}

QString report_html(const Report& report, const Theme& theme, std::size_t most_rows) {
  Writer w(theme, most_rows);
  w.head(report);
  for (const Item& item : report.items) std::visit(w, item);
  return w.take();
}

}  // namespace sextant::gui
