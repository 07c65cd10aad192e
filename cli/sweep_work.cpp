// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace sextant::cli {

namespace {

using sim::sweep::Evaluation;
using sim::sweep::Outcome;
using sim::sweep::PointLine;
using sim::sweep::Setting;

/// Small enough that no rank is left with much at the end, large enough that nobody waits for words.
constexpr std::size_t most_in_chunk = 256;
constexpr std::size_t chunks_a_rank = 16;

// An order is points as they lie in memory, an answer is an outcome's digit before each line: all ranks run this
// program.
std::string order_text(const std::vector<std::uint64_t>& points) {
  std::string text(points.size() * sizeof(std::uint64_t), '\0');
  if (!points.empty()) std::memcpy(text.data(), points.data(), text.size());
  return text;
}

std::vector<std::uint64_t> points_of(const std::string& order) {
  std::vector<std::uint64_t> points(order.size() / sizeof(std::uint64_t));
  if (!points.empty()) std::memcpy(points.data(), order.data(), points.size() * sizeof(std::uint64_t));
  return points;
}

std::string answer_text(const std::vector<PointLine>& lines) {
  std::string text;
  for (const PointLine& line : lines) text += static_cast<char>('0' + static_cast<int>(line.outcome)) + line.text;
  return text;
}

std::vector<PointLine> lines_of(const std::string& answer) {
  std::vector<PointLine> lines;
  for (std::size_t at = 0; at < answer.size();) {
    const std::size_t end = answer.find('\n', at) + 1;
    lines.push_back({0, static_cast<Outcome>(answer[at] - '0'), answer.substr(at + 1, end - at - 1)});
    at = end;
  }
  return lines;
}

/// Rank 0: what is still to be handed out, and what came back before its turn to be written. `counts` hold what the
/// output has already.
class Leader {
 public:
  Leader(const Setting& setting, const Evaluation& how, Ranks& ranks, SweepOutput& output, OutcomeCounts& counts)
      : setting_(setting),
        how_(how),
        ranks_(ranks),
        output_(output),
        counts_(counts),
        total_(setting.sweep.points()),
        chunk_(chunk_of(total_ - counts_.all(), ranks, how)),
        own_(static_cast<std::size_t>(how.threads) * (ranks.size() > 1 ? 1 : chunk_)) {}

  bool lead(Progress& progress, std::string& reason) {
    for (int rank = 1; rank < ranks_.size(); ++rank) give(rank);
    for (;;) {
      progress.show(static_cast<double>(counts_.all()) / static_cast<double>(total_),
                    fmt::format("{} of {} points", counts_.all(), total_));
      while (auto message = ranks_.poll()) take(*message);
      const std::vector<std::uint64_t> points = next(own_);
      if (!points.empty()) {
        waiting_[order_++] = sim::sweep::evaluate(setting_, points, how_);
      } else if (written_ == order_) {
        return output_.finish(reason);
      } else if (waiting_.find(written_) == waiting_.end()) {
        take(ranks_.receive());
      }
      if (!write(reason)) {
        send_home();
        return false;
      }
    }
  }

 private:
  std::vector<std::uint64_t> next(std::size_t most) {
    std::vector<std::uint64_t> points;
    for (; next_ < total_ && points.size() < most; ++next_) {
      if (!output_.has(next_)) points.push_back(next_);
    }
    return points;
  }

  /// A chunk, or none: then the rank goes home.
  void give(int rank) {
    const std::vector<std::uint64_t> points = next(chunk_ * static_cast<std::size_t>(how_.threads));
    ranks_.send(rank, order_text(points));
    if (!points.empty()) orders_[rank] = order_++;
  }

  /// Every rank that works says so and gets no more.
  void send_home() {
    next_ = total_;
    while (!orders_.empty()) take(ranks_.receive());
  }

  void take(const RankMessage& message) {
    const auto order = orders_.find(message.from);
    waiting_[order->second] = lines_of(message.text);
    orders_.erase(order);
    give(message.from);
  }

  /// What is next in order, as far as it is there.
  bool write(std::string& reason) {
    for (auto first = waiting_.find(written_); first != waiting_.end(); first = waiting_.find(++written_)) {
      std::string text;
      for (const PointLine& line : first->second) {
        text += line.text;
        counts_.add(line.outcome);
      }
      if (!output_.append(text, reason)) return false;
      waiting_.erase(first);
    }
    return true;
  }

  static std::size_t chunk_of(std::uint64_t points, const Ranks& ranks, const Evaluation& how) {
    const std::size_t hands = static_cast<std::size_t>(ranks.size()) * static_cast<std::size_t>(how.threads);
    return std::clamp<std::size_t>(points / (chunks_a_rank * hands), 1, most_in_chunk);
  }

  const Setting& setting_;
  const Evaluation& how_;
  Ranks& ranks_;
  SweepOutput& output_;
  OutcomeCounts& counts_;
  std::uint64_t total_;
  std::uint64_t next_ = 0;
  std::size_t chunk_;
  std::size_t own_;                    ///< rank 0 answers the others between its own chunks, so its own are short
  std::size_t order_ = 0;              ///< chunks handed out
  std::size_t written_ = 0;            ///< chunks written
  std::map<int, std::size_t> orders_;  ///< by rank that works: its chunk
  std::map<std::size_t, std::vector<PointLine>> waiting_;  ///< by chunk
};

}  // namespace

bool lead_sweep(const Setting& setting, const Evaluation& how, Ranks& ranks, SweepOutput& output, Progress& progress,
                OutcomeCounts& counts, std::string& reason) {
  counts = output.found();
  return Leader(setting, how, ranks, output, counts).lead(progress, reason);
}

void follow_sweep(const Setting& setting, const Evaluation& how, Ranks& ranks) {
  for (;;) {
    const std::vector<std::uint64_t> points = points_of(ranks.receive().text);
    if (points.empty()) return;
    ranks.send(0, answer_text(sim::sweep::evaluate(setting, points, how)));
  }
}

bool greet_ranks(Ranks& ranks, const std::string& id, bool go, std::string& reason) {
  for (int i = 1; i < ranks.size(); ++i) {
    const RankMessage hello = ranks.receive();
    if (hello.text == id || !reason.empty()) continue;
    reason = fmt::format("rank {} read another sweep, or none: all ranks need the same files and options", hello.from);
  }
  if (go && reason.empty()) return true;
  for (int rank = 1; rank < ranks.size(); ++rank) ranks.send(rank, {});
  return false;
}

}  // namespace sextant::cli
