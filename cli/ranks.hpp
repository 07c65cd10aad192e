// SPDX-License-Identifier: Apache-2.0
// The processes that share a piece of work under mpirun or Slurm. Only mpi_ranks.cpp knows MPI.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sextant::cli {

struct RankMessage {
  int from = 0;
  std::string text;
};

/// Rank 0 hands out work and listens to all; the others speak to rank 0 alone.
class Ranks {
 public:
  virtual ~Ranks() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  virtual void send(int to, std::string_view text) = 0;
  /// The next message, from whichever rank speaks first; sleeps where there is none.
  [[nodiscard]] virtual RankMessage receive() = 0;
  /// A message that is there already.
  [[nodiscard]] virtual std::optional<RankMessage> poll() = 0;
};

/// This process alone: nobody to speak to.
class OneRank : public Ranks {
 public:
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1; }
  void send(int, std::string_view) override {}
  [[nodiscard]] RankMessage receive() override { return {}; }
  [[nodiscard]] std::optional<RankMessage> poll() override { return std::nullopt; }
};

/// How many processes a launcher started this one among: 1 outside of mpirun and srun.
[[nodiscard]] int launched_processes();

/// The ranks this process was started among, or itself alone. Nothing and a reason where a launcher started several
/// that do not know of each other.
[[nodiscard]] std::unique_ptr<Ranks> find_ranks(std::string& reason);

/// Of mpi_ranks.cpp: joins the MPI job. Built only where MPI was found.
[[nodiscard]] std::unique_ptr<Ranks> join_mpi();

}  // namespace sextant::cli
