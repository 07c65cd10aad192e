// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot uses Qt's keywords, which this project switches off: the simulator has a member called `slots`.
#pragma once

#include <QtGlobal>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
