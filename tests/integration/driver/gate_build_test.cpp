#include "driver/gate_build.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "driver/gate_side.hpp"
#include "driver/input_error.hpp"
#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;

// A repository whose release build gives a "program" that holds the commit it was built from.
class GateBuild : public testing::Test {
 protected:
  GateBuild() {
    ::setenv("PUSHLAB_CACHE", (folder_.path() / "cache").c_str(), 1);
    ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    for (auto const* who : {"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"}) ::setenv(who, "a", 1);
    for (auto const* where : {"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"}) ::setenv(where, "a@b", 1);
    fs::create_directories(repository());
    write("CMakePresets.json",
          R"({"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja",
"binaryDir": "${sourceDir}/build/release"}]})");
    write("CMakeLists.txt",
          "cmake_minimum_required(VERSION 3.25)\nproject(repository NONE)\n"
          "add_custom_target(program COMMAND mkdir -p bin && "
          "git -C ${PROJECT_SOURCE_DIR} rev-parse HEAD >bin/program)\n");
    sh("git init -q -b main . && git add . && git commit -qm one && "
       "git commit -q --allow-empty -m two && git commit -q --allow-empty -m three");
    fs::current_path(repository());
  }
  ~GateBuild() override { fs::current_path("/"); }

  fs::path repository() const { return folder_.path() / "repository"; }
  fs::path builds() const { return folder_.path() / "cache/builds"; }

  void write(std::string const& name, std::string const& text) {
    std::ofstream(repository() / name) << text;
  }

  // What a command prints in the repository.
  std::string sh(std::string const& command) {
    auto const out = folder_.path() / "out";
    fs::remove(out);
    Process process({{"sh", "-c", command}, repository(), out, out, {}});
    auto const status = process.wait(std::chrono::seconds(60));
    EXPECT_TRUE(status && status->ok()) << command << "\n" << text_of(out);
    return text_of(out);
  }

  std::size_t kept() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(builds()), fs::directory_iterator()));
  }

  void make_old(fs::path const& path, std::chrono::hours age) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - age);
  }

  TemporaryFolder folder_;
};

TEST_F(GateBuild, takes_the_commit_and_leaves_nothing_else) {
  auto const commit = commit_of("HEAD^");
  auto const place = built_programs(commit, {"program"});
  EXPECT_EQ(text_of(place / "program"), commit + "\n");
  EXPECT_EQ(kept(), 1);
}

TEST_F(GateBuild, leaves_the_repository_of_a_hook_alone) {
  auto const before = sh("git symbolic-ref HEAD; git status --porcelain");
  ::setenv("GIT_DIR", (repository() / ".git").c_str(), 1);
  ::setenv("GIT_INDEX_FILE", (repository() / ".git/index").c_str(), 1);
  auto const commit = commit_of("HEAD^");
  EXPECT_EQ(text_of(built_programs(commit, {"program"}) / "program"), commit + "\n");
  ::unsetenv("GIT_DIR");
  ::unsetenv("GIT_INDEX_FILE");
  EXPECT_EQ(sh("git symbolic-ref HEAD; git status --porcelain"), before);
}

TEST_F(GateBuild, builds_what_a_shallow_clone_has) {
  sh("git checkout -q -b feature && git commit -q --allow-empty -m four && git checkout -q main");
  sh(
      fmt::format("git clone -q --depth 2 --no-single-branch file://{} ../shallow && "
                  "git -C ../shallow checkout -q --detach origin/feature",
                  repository().string()));
  fs::current_path(folder_.path() / "shallow");
  for (auto const* ref : {"origin/main", "HEAD", "HEAD^"}) {
    auto const commit = commit_of(ref);
    EXPECT_EQ(text_of(built_programs(commit, {"program"}) / "program"), commit + "\n") << ref;
  }
}

TEST_F(GateBuild, keeps_only_the_log_of_a_build_that_failed) {
  auto const commit = commit_of("HEAD");
  EXPECT_THROW(built_programs(commit, {"no-such-program"}), InputError);
  EXPECT_EQ(kept(), 1);
  EXPECT_NE(text_of(builds() / (commit.substr(0, 12) + ".log")).find("no-such-program"),
            std::string::npos);
}

TEST_F(GateBuild, forgets_what_nobody_uses) {
  auto const day = std::chrono::hours(24);
  auto const used = built_programs(commit_of("HEAD^"), {"program"});
  make_old(used, 40 * day);
  built_programs(commit_of("HEAD^"), {"program"});  // once more in use
  std::string const old(40, 'a'), killed = std::string(40, 'b') + ".123";
  auto const building = std::string(40, 'c') + ".123", recent = std::string(40, 'd');
  for (auto const& name : {old, killed, building, recent, std::string("mine")})
    fs::create_directories(builds() / name / "deep");
  make_old(builds() / old, 31 * day);
  make_old(builds() / killed, 2 * day);
  make_old(builds() / recent, 20 * day);
  make_old(builds() / "mine", 400 * day);
  built_programs(commit_of("HEAD"), {"program"});
  EXPECT_FALSE(fs::exists(builds() / old));
  EXPECT_FALSE(fs::exists(builds() / killed));
  for (auto const& name : {building, recent, std::string("mine")})
    EXPECT_TRUE(fs::exists(builds() / name)) << name;
  EXPECT_TRUE(fs::exists(used));
}

TEST_F(GateBuild, names_what_programs_were_built_from_only_where_it_is_known) {
  auto const bin = repository() / "build/release/bin";
  fs::create_directories(bin);
  std::ofstream(bin / "program") << "";
  auto const version = [](fs::path const& folder) {
    return find_side("--head", folder.string(), {"program"}).version;
  };
  EXPECT_EQ(version("."), commit_of("HEAD").substr(0, 12));
  EXPECT_EQ(version(bin), "");  // who knows since when
  auto const kept = built_programs(commit_of("HEAD^"), {"program"});
  EXPECT_EQ(version(kept), commit_of("HEAD^").substr(0, 12));
  make_old(bin / "program", std::chrono::hours(1));
  EXPECT_EQ(version("."), "");  // the commit is newer
}

}  // namespace
}  // namespace pushlab::driver
