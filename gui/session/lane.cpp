// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/lane.hpp"

namespace sextant::gui {

Lane::Lane() : thread_([this] { work(); }) {}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
    running_.cancel();
  }
  wake_.notify_all();
  thread_.join();
}

void Lane::submit(int kind, Job job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_[kind] = std::move(job);
    if (running_kind_ == kind) running_.cancel();
  }
  wake_.notify_one();
}

void Lane::cancel(int kind) {
  const std::lock_guard lock(mutex_);
  waiting_.erase(kind);
  if (running_kind_ == kind) running_.cancel();
}

bool Lane::idle() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() && running_kind_ < 0;
}

void Lane::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const auto first = waiting_.begin();
    running_kind_ = first->first;
    const Job job = std::move(first->second);
    waiting_.erase(first);
    running_ = Ticket();
    const Ticket ticket = running_;
    lock.unlock();
    job(ticket);
    lock.lock();
    running_kind_ = -1;
  }
}

}  // namespace sextant::gui
