// SPDX-License-Identifier: Apache-2.0
#include "cli/application.hpp"

int main(int argc, char** argv) { return sextant::cli::run(argc, argv); }
