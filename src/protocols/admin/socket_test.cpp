// The administration socket: one line in, one line out, and it goes away cleanly.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/admin/message.hpp"
#include "net/local_socket.hpp"
#include "protocols/admin/socket.hpp"

namespace lockstep::admin {

namespace {

constexpr std::chrono::milliseconds kPatience{20'000};

class AdminDoor : public testing::Test {
protected:
    AdminDoor() {
        log::set_level(log::Level::off);
        std::string name = testing::TempDir() + "admin_XXXXXX";
        data_ = std::filesystem::path(::mkdtemp(name.data())) / std::string(120, 'd');
        std::filesystem::create_directory(data_);
        open();
    }
    ~AdminDoor() override {
        socket_.reset();
        std::filesystem::remove_all(data_.parent_path());
        log::set_level(log::Level::info);
    }

    void open() {
        auto opened = AdminSocket::open(data_, execute);
        ASSERT_TRUE(opened) << opened.error().text;
        socket_ = *std::move(opened);
    }

    static Task<Result<Answer>> execute(Request request) {
        if (request.command.front() == "throw")
            throw std::runtime_error("secret detail");
        if (request.command.front() != "echo")
            co_return fail(Code::not_found, "there is no such command");
        co_return Answer{std::string(request.arg("what")), {}, {}};
    }

    Result<Answer> ask(std::string_view line) const {
        TRY(auto connection, net::LocalConnection::connect(data_ / kSocketName));
        CHECK_OK(connection.write_line(line));
        TRY(const auto answer, connection.read_line(1U << 20U, kPatience));
        return decode_answer(answer);
    }

    std::filesystem::path data_;
    std::unique_ptr<AdminSocket> socket_;
};

} // namespace

TEST_F(AdminDoor, AnswersALineInAFolderWithALongName) {
    const auto answer = ask(encode(Request{{"echo"}, {{"what", "ä"}}}));
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->text, "ä");
}

TEST_F(AdminDoor, HandsErrorsOnButNotTheDetailsOfAFailure) {
    EXPECT_EQ(ask(encode(Request{{"nothing"}, {}})).error().code, Code::not_found);
    const auto thrown = ask(encode(Request{{"throw"}, {}}));
    EXPECT_EQ(thrown.error().code, Code::internal);
    EXPECT_EQ(thrown.error().text.find("secret"), std::string::npos);
    EXPECT_EQ(ask("not json").error().code, Code::bad_syntax);
}

TEST_F(AdminDoor, RefusesALineBeyondItsLimit) {
    const auto answer = ask(std::string(limits::kAdminRequest + 1, 'x'));
    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().code == Code::too_large || answer.error().code == Code::closed)
        << answer.error().text;
}

TEST_F(AdminDoor, ServesManyOneAfterTheOther) {
    for (int n = 0; n < 50; ++n)
        EXPECT_TRUE(ask(encode(Request{{"echo"}, {}})));
}

TEST_F(AdminDoor, IsOpenToItsOwnUserOnly) {
    struct stat status{};
    ASSERT_EQ(::stat((data_ / kSocketName).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AdminDoor, ReplacesAStaleFileAndRemovesItsOwn) {
    socket_.reset();
    EXPECT_FALSE(std::filesystem::exists(data_ / kSocketName));
    EXPECT_EQ(ask("{}").error().code, Code::closed);
    {
        const auto stale = net::LocalListener::open(data_ / kSocketName);
    }
    EXPECT_TRUE(std::filesystem::exists(data_ / kSocketName));
    EXPECT_EQ(ask("{}").error().code, Code::closed);
    open();
    EXPECT_TRUE(ask(encode(Request{{"echo"}, {}})));
}

TEST_F(AdminDoor, StopsWhileAClientIsSilent) {
    const auto silent = net::LocalConnection::connect(data_ / kSocketName);
    ASSERT_TRUE(silent);
    ASSERT_TRUE(ask(encode(Request{{"echo"}, {}}))) << "the silent one has been accepted before";
    socket_.reset();
}

} // namespace lockstep::admin
