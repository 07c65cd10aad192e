// SPDX-License-Identifier: Apache-2.0
#include "cli/ranks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace sextant::cli {

int launched_processes() {
  // Open MPI's mpirun, the process managers of MPICH and its relatives, a step of Slurm.
  static constexpr std::array<const char*, 3> counts{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};
  int most = 1;
  for (const char* name : counts) {
    const char* value = std::getenv(name);
    if (value != nullptr) most = std::max(most, std::atoi(value));
  }
  return most;
}

std::unique_ptr<Ranks> find_ranks(std::string& reason) {
  const int launched = launched_processes();
  if (launched == 1) return std::make_unique<OneRank>();
#ifdef SEXTANT_MPI
  auto ranks = join_mpi();
  if (ranks->size() > 1) return ranks;
  reason = fmt::format(
      "{} processes were started and MPI joins none of them: the launcher is of another MPI than Sextant was built "
      "with "
      "(under Slurm try srun --mpi=pmix)",
      launched);
#else
  reason = fmt::format(
      "{} processes were started, and this sextant was built without MPI (install libopenmpi-dev and configure anew)",
      launched);
#endif
  return nullptr;
}

}  // namespace sextant::cli
