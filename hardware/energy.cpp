// SPDX-License-Identifier: Apache-2.0
#include "hardware/energy.hpp"

#include "hardware/shapes.hpp"

namespace sextant::json {

using hardware::EnergyFactors;
using hardware::Factor;

const Shape<Factor>& ShapeOf<Factor>::get() {
  static const Shape<Factor> shape = Shape<Factor>("factor")
                                         .required("of", &Factor::of, "operator, node type or study")
                                         .required("value", &Factor::value, "the factor", positive(100))
                                         .optional("note", &Factor::note, "remarks")
                                         .required("source", &Factor::source, "where it comes from");
  return shape;
}

const Shape<EnergyFactors>& ShapeOf<EnergyFactors>::get() {
  static const Shape<EnergyFactors> shape = [] {
    Shape<EnergyFactors> s("energy factors");
    constexpr Range fraction = positive(1);
    s.ignored("format", "\"sextant/energy/1\" where a program wrote the file")
        .required(
            "training_power_fraction_low", [](auto& v) -> auto& { return v.training_power_fraction.low; },
            "10 % quantile of average over rated node power in training", fraction)
        .required(
            "training_power_fraction", [](auto& v) -> auto& { return v.training_power_fraction.mid; },
            "average over rated node power in training", fraction)
        .required(
            "training_power_fraction_high", [](auto& v) -> auto& { return v.training_power_fraction.high; },
            "90 % quantile of average over rated node power in training", fraction)
        .required("network_power_share", &EnergyFactors::network_power_share, "switches and optics over node power",
                  non_negative(1))
        .required("node_overhead", &EnergyFactors::node_overhead,
                  "rated node power over GPU TDP where the node is not known", between(1, 10))
        .required("pue", &EnergyFactors::pue, "where neither grid nor operator is known", between(1, 5))
        .required("source", &EnergyFactors::source, "of the defaults above")
        .optional("power_measurements", &EnergyFactors::power_measurements, "what the band rests on")
        .optional("node_overheads", &EnergyFactors::node_overheads, "rated node power over GPU TDP, by node")
        .optional("pues", &EnergyFactors::pues, "power usage effectiveness by operator")
        .check([](const Cursor& at, const EnergyFactors& v) {
          const Band<double>& f = v.training_power_fraction;
          if (f.low <= f.mid && f.mid <= f.high) return true;
          at.fault_at("training_power_fraction", "is not between its _low and _high");
          return false;
        });
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

std::optional<EnergyFactors> read_energy_factors(const json::Cursor& at) {
  EnergyFactors factors;
  if (!json::ShapeOf<EnergyFactors>::get().read(at, factors)) return std::nullopt;
  return factors;
}

}  // namespace sextant::hardware
