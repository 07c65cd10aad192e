// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/campaigns.hpp"

#include <algorithm>

namespace sextant::gui {

Scenario* Campaigns::open(const QString& name, const QByteArray& text) {
  all_.push_back(std::make_unique<Scenario>(next_id_++, name, text, nullptr));
  Scenario* c = all_.back().get();
  undo_group_.addStack(&c->undo());
  connect(c, &Scenario::changed, this, [this, c] {
    Q_EMIT edited(c);
    Q_EMIT changed();
  });
  connect(c, &Scenario::renamed, this, &Campaigns::changed);
  select(c);
  return c;
}

Scenario* Campaigns::duplicate(Scenario* campaign) {
  return campaign == nullptr ? nullptr : open(tr("%1, copy").arg(campaign->name()), campaign->text());
}

void Campaigns::select(Scenario* campaign) {
  if (campaign == current_) return;
  current_ = campaign;
  Q_EMIT changed();
}

void Campaigns::pin(Scenario* campaign) {
  if (campaign == pinned_) return;
  pinned_ = campaign;
  Q_EMIT changed();
}

void Campaigns::close(Scenario* campaign) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& c) { return c.get() == campaign; });
  if (at == all_.end()) return;
  const std::unique_ptr<Scenario> gone = std::move(*at);
  all_.erase(at);
  undo_group_.removeStack(&gone->undo());
  if (pinned_ == campaign) pinned_ = nullptr;
  if (current_ == campaign) current_ = all_.empty() ? nullptr : all_.back().get();
  Q_EMIT changed();
}

}  // namespace sextant::gui
