// SPDX-License-Identifier: GPL-3.0-or-later
// Places in a run file that the form treats apart.
#pragma once

#include <QString>

namespace sextant::gui {

inline const QString model_pointer = QStringLiteral("/model");
inline const QString gpu_pointer = QStringLiteral("/cluster/gpu");
inline const QString gpus_pointer = QStringLiteral("/cluster/gpus");
inline const QString stack_pointer = QStringLiteral("/stack");
/// What a choice says that the run leaves open.
inline const QString automatic = QStringLiteral("auto");

}  // namespace sextant::gui
