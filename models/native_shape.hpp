// SPDX-License-Identifier: Apache-2.0
// Lets other shapes hold a native model object. Include only in loaders.
#pragma once

#include "base/json/shape.hpp"
#include "models/native.hpp"

template <>
struct sextant::json::ShapeOf<sextant::models::StatedModel> {
  static const Shape<models::StatedModel>& get();
};
