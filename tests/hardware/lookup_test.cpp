// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/hardware/catalogue_fixture.hpp"

using namespace sextant;
using namespace sextant::hardware;

TEST_CASE("ids ignore case and separators, bare family names are the SXM 80 GB part") {
  const std::pair<const char*, const char*> rows[] = {{"h800", "H800-SXM-80GB"},
                                                      {"H800-SXM5-80GB", "H800-SXM-80GB"},
                                                      {"h800_sxm_80gb", "H800-SXM-80GB"},
                                                      {"a100", "A100-SXM-80GB"},
                                                      {"a100-80gb", "A100-SXM-80GB"},
                                                      {"A100 40GB", "A100-SXM-40GB"},
                                                      {"A100-SXM4-40GB", "A100-SXM-40GB"},
                                                      {"a800", "A800-SXM-80GB"},
                                                      {"h100", "H100-SXM-80GB"},
                                                      {"NVIDIA H100 80GB HBM3", "H100-SXM-80GB"},
                                                      {"H100-PCIe", "H100-PCIe-80GB"},
                                                      {"h20", "H20-SXM-96GB"},
                                                      {"H20-SXM5-96GB", "H20-SXM-96GB"},
                                                      {"h200", "H200-SXM-141GB"},
                                                      {"B200-180GB", "B200"},
                                                      {"B200-SXM", "B200"},
                                                      {"B300-SXM6-288GB", "B300"},
                                                      {"GB200-NVL72-GPU", "GB200"},
                                                      {"gb300", "GB300"},
                                                      {"L40S-48GB", "L40S"},
                                                      {"V100", "V100-SXM-32GB"},
                                                      {"V100-SXM2-32GB", "V100-SXM-32GB"},
                                                      {"RTX 4090", "RTX4090"},
                                                      {"RTX4090-24GB", "RTX4090"},
                                                      {"MI300X-192GB", "MI300X"},
                                                      {"GH200-96GB", "GH200-96GB"},
                                                      {"H100-SXM-96GB-HBM2e-500W", "H100-SXM-96GB-HBM2e-500W"},
                                                      {"H100-SXM-95GB-HBM2e-lowTDP", "H100-SXM-95GB-HBM2e-lowTDP"}};
  for (const auto& [asked, id] : rows) {
    INFO(asked);
    CHECK(gpu(asked).id == id);
  }
}

TEST_CASE("no id or alias means two things") {
  for (const Kind kind : {Kind::gpu, Kind::node, Kind::fabric, Kind::cluster, Kind::grid}) {
    Diagnostics faults;
    std::map<std::string, std::string> seen;
    for (const Entry& entry : list(shipped(), kind, faults)) {
      std::vector<std::string> names = entry.aliases;
      names.push_back(entry.id);
      for (const std::string& name : names) {
        const auto [at, is_new] = seen.emplace(folded_id(name), entry.id);
        INFO(name << " of " << entry.id << " and of " << at->second);
        CHECK((is_new || at->second == entry.id));
      }
    }
    CHECK(faults.text() == "");
    CHECK(seen.size() > 5);
  }
}

TEST_CASE("an unknown id names the nearest one") {
  Diagnostics faults;
  CHECK_FALSE(find_accelerator(shipped(), "H80O-SXM-80GB", faults));
  CHECK(faults.text() == "command line: unknown GPU \"H80O-SXM-80GB\"; did you mean \"H800-SXM-80GB\"?\n");

  Diagnostics placed;
  CHECK_FALSE(find_accelerator(shipped(), "TPU v3", placed, {"run.json", 3, "/cluster/gpu", "", ""}));
  CHECK(placed.text() == "run.json:3: /cluster/gpu: unknown GPU \"TPU v3\"; `sextant list gpus` shows all\n");

  Diagnostics empty;
  CHECK_FALSE(find_accelerator(shipped(), "", empty));
  CHECK_FALSE(find_accelerator(shipped(), "---", empty));
  CHECK(empty.list().size() == 2);
}

TEST_CASE("a lookup by alias takes well under a millisecond") {
  (void)gpu("h800");
  constexpr int rounds = 20;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) (void)gpu(i % 2 == 0 ? "h800" : "NVIDIA L40S");
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  CHECK(taken.count() / rounds < 5.0);  // 0.2 ms when nothing else runs
}

TEST_CASE("a user's file replaces a shipped one and may add its own, whatever its name") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "sextant_hardware_overlay_test";
  fs::remove_all(folder);
  fs::create_directories(folder / "hardware/data/gpus");
  std::string text(*shipped().text("hardware/data/gpus/h800-sxm-80gb.json"));
  std::ofstream(folder / "hardware/data/gpus/h800-sxm-80gb.json")
      << std::string(text).replace(text.find("\"tdp_w\": 700"), 12, "\"tdp_w\": 500");
  // The id at the very end: the slow pass finds it.
  std::string mine = text;
  mine.replace(mine.find("\"id\": \"H800-SXM-80GB\","), 22, "");
  mine.replace(mine.find("\"aliases\": ["), mine.find("]") - mine.find("\"aliases\": [") + 2, "");
  mine.replace(mine.rfind('}'), 1, ", \"id\": \"Mine\", \"aliases\": [\"my-gpu\"]}");
  std::ofstream(folder / "hardware/data/gpus/lab.json") << mine;
  Diagnostics faults;
  const Catalogue catalogue = Catalogue::open(embedded_files(), folder.string(), faults);
  const auto changed = find_accelerator(catalogue, "h800", faults);
  const auto added = find_accelerator(catalogue, "MY_GPU", faults);
  INFO(faults.text());
  REQUIRE(changed);
  CHECK(changed->tdp.value() == 500);
  REQUIRE(added);
  CHECK(added->id == "Mine");
  fs::remove_all(folder);
}

TEST_CASE("the binary holds the data files as they are on disk") {
  namespace fs = std::filesystem;
  const fs::path root = SEXTANT_SOURCE_DIR;
  std::size_t on_disk = 0;
  for (const auto& file : fs::recursive_directory_iterator(root / "hardware/data")) {
    if (file.path().extension() != ".json" && file.path().extension() != ".csv") continue;
    ++on_disk;
    const std::string path = fs::relative(file.path(), root).generic_string();
    INFO(path);
    Diagnostics faults;
    const auto text = read_text_file(file.path().string(), faults);
    REQUIRE(text);
    const auto embedded = shipped().text(path);
    REQUIRE(embedded);
    CHECK((*embedded == *text));
  }
  CHECK(on_disk > 90);
}
