// SPDX-License-Identifier: Apache-2.0
#include <mpi.h>

#include <chrono>
#include <exception>
#include <thread>

#include "cli/ranks.hpp"

namespace sextant::cli {

namespace {

constexpr int only_tag = 0;

// Errors of MPI end the whole job (its default handler), so that return codes need no look.
class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    MPI_Init(nullptr, nullptr);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  ~MpiRanks() override {
    // The other ranks wait for one that leaves by an exception: finalising would wait for them in turn.
    if (std::uncaught_exceptions() > 0) MPI_Abort(MPI_COMM_WORLD, 5);
    MPI_Finalize();
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }

  void send(int to, std::string_view text) override {
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, to, only_tag, MPI_COMM_WORLD);
  }

  [[nodiscard]] RankMessage receive() override {
    // MPI_Probe would spin and take a core from a rank that has work.
    for (;;) {
      if (auto message = poll()) return std::move(*message);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  [[nodiscard]] std::optional<RankMessage> poll() override {
    int there = 0;
    MPI_Status status{};
    MPI_Iprobe(MPI_ANY_SOURCE, only_tag, MPI_COMM_WORLD, &there, &status);
    if (there == 0) return std::nullopt;
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    RankMessage message{status.MPI_SOURCE, std::string(static_cast<std::size_t>(size), '\0')};
    MPI_Recv(message.text.data(), size, MPI_CHAR, message.from, only_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return message;
  }

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace

std::unique_ptr<Ranks> join_mpi() { return std::make_unique<MpiRanks>(); }

}  // namespace sextant::cli
