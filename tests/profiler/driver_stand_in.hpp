// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sextant::profile::test {

/// Name of the kernel that was last asked of a module.
[[nodiscard]] const char* last_kernel();

}  // namespace sextant::profile::test
