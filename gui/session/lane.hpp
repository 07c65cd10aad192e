// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that works off jobs, the newest of each kind only.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace sextant::gui {

/// Says whether somebody asked again meanwhile.
class Ticket {
 public:
  [[nodiscard]] bool cancelled() const { return cancelled_->load(std::memory_order_relaxed); }
  void cancel() const { cancelled_->store(true, std::memory_order_relaxed); }
  /// For loops that take a flag.
  [[nodiscard]] const std::atomic<bool>& flag() const { return *cancelled_; }

 private:
  std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
};

class Lane {
 public:
  using Job = std::function<void(const Ticket&)>;

  Lane();
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Replaces a waiting job of the same kind and cancels a running one.
  void submit(int kind, Job job);
  /// Drops a waiting job and cancels a running one.
  void cancel(int kind);
  [[nodiscard]] bool idle() const;

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<int, Job> waiting_;
  int running_kind_ = -1;
  Ticket running_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sextant::gui
