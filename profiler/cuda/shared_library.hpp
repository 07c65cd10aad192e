// SPDX-License-Identifier: Apache-2.0
// Libraries are opened when the program runs, so that it starts on machines that lack them and says what is lost.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sextant::profile {

class SharedLibrary {
 public:
  /// The first of the names that opens: as the loader finds it, then in the folders of this build, then in CUDA's.
  static std::optional<SharedLibrary> open(std::initializer_list<const char*> names);

  /// The function, or nullptr.
  template <class F>
  [[nodiscard]] F* function(const char* name) const {
    return reinterpret_cast<F*>(address(name));
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[nodiscard]] void* address(const char* name) const;

  std::shared_ptr<void> handle_;
  std::string path_;
};

}  // namespace sextant::profile
