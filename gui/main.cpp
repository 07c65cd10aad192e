// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/application.hpp"

int main(int argc, char** argv) { return sextant::gui::run(argc, argv); }
