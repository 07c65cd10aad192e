// SPDX-License-Identifier: Apache-2.0
// From the JSON text of a run to a run that can be evaluated: what every program over the simulator does first.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/node.hpp"
#include "sim/kernel/measured.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Reads the run, fills what it leaves open and holds its degrees and batches against each other, the model and the
/// cluster. Every fault is reported with the line of `file` it stands on; nothing where there is one.
[[nodiscard]] std::optional<Run> checked_run(const json::Node& node, const std::string& file,
                                             const Catalogue& catalogue, Diagnostics& faults);

/// The run inside an observation, which holds it under "run"; else the object itself.
[[nodiscard]] json::Node run_part(json::Node node);

/// What the catalogue's profiles say of kernels on one GPU: it makes predictions' coverage known, and changes no time.
[[nodiscard]] std::shared_ptr<const MeasuredKernels> shipped_measurements(const Catalogue& catalogue,
                                                                          const std::string& gpu, Diagnostics& faults);

/// The numbers of GPUs up to `most` on which the run's other degrees can stay as they are, data parallelism taking the
/// rest. Empty where there is none.
[[nodiscard]] std::vector<int> fitting_gpu_counts(Run run, int most);

}  // namespace sextant::sim
