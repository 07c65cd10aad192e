// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sextant::cli {

/// What every command leaves with; scripts rely on the numbers.
enum ExitCode : int {
  ok = 0,
  usage = 1,         ///< the command line is wrong
  bad_data = 2,      ///< a file or an id is
  infeasible = 3,    ///< the answer is that it cannot be done
  contradicted = 4,  ///< a claim is below what physics or the simulation allows
  internal = 5,      ///< our own fault
};

}  // namespace sextant::cli
