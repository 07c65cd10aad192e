// SPDX-License-Identifier: GPL-3.0-or-later
// Edits that touch more than one key, because other keys would contradict them.
#pragma once

#include "gui/session/answer.hpp"
#include "gui/session/json_text.hpp"

namespace sextant::gui {

/// Another number of GPUs: a cluster named by id is written out; a stated dp gives way to what the GPUs leave.
[[nodiscard]] QList<Edit> gpus_edit(const QByteArray& text, const AnswerPtr& answer, int gpus);

/// Another GPU, as many of them, in the nodes it is usually sold in.
[[nodiscard]] QList<Edit> gpu_edit(const QByteArray& text, const AnswerPtr& answer, const QString& gpu);

/// A degree of parallelism; an invalid value leaves it to the simulator. A stated dp gives way to what the GPUs leave.
[[nodiscard]] QList<Edit> degree_edit(const QString& pointer, const QVariant& value);

/// The layout of a row of report::layouts_report: every key a layout decides, and the number of GPUs.
[[nodiscard]] QList<Edit> layout_edit(const QByteArray& text, const AnswerPtr& answer, const report::Table& layouts,
                                      const QString& id);

}  // namespace sextant::gui
