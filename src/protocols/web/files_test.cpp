// What the web client's files are served with.
#include "protocols/web/files.hpp"

#include <gtest/gtest.h>

namespace lockstep::web {
namespace {

constexpr File kFiles[] = {
    {"/assets/app-1A2B.js", "plain", "\"h1\""},
    {"/assets/app-1A2B.js.br", "brotli", "\"h2\""},
    {"/assets/app-1A2B.js.gz", "gzip", "\"h3\""},
    {"/index.html", "<p>page", "\"h4\""},
    {"/sw.js", "worker", "\"h5\""},
};

net::Request get(std::string path, std::string_view name = {}, std::string value = {}) {
    net::Request request;
    request.method = "GET";
    request.path = std::move(path);
    if (!name.empty())
        request.headers.set(name, std::move(value));
    return request;
}

TEST(WebFiles, AHashedFileIsKeptForEverAndOthersAreAskedForAnew) {
    EXPECT_NE(
        serve_file(get("/assets/app-1A2B.js"), kFiles)
            .headers.get("Cache-Control")
            .find("immutable"),
        std::string_view::npos
    );
    EXPECT_EQ(serve_file(get("/sw.js"), kFiles).headers.get("Cache-Control"), "no-cache");
}

TEST(WebFiles, TheBestCodingThatTheBrowserTakesIsSent) {
    const auto both = serve_file(get("/assets/app-1A2B.js", "Accept-Encoding", "gzip, br"), kFiles);
    EXPECT_EQ(both.headers.get("Content-Encoding"), "br");
    EXPECT_EQ(both.body.at(0), "brotli");
    const auto one =
        serve_file(get("/assets/app-1A2B.js", "Accept-Encoding", "gzip, br;q=0"), kFiles);
    EXPECT_EQ(one.body.at(0), "gzip");
    const auto none = serve_file(get("/assets/app-1A2B.js"), kFiles);
    EXPECT_EQ(none.body.at(0), "plain");
    EXPECT_FALSE(none.headers.has("Content-Encoding"));
    EXPECT_EQ(serve_file(get("/assets/app-1A2B.js.gz"), kFiles).status, 404U);
}

TEST(WebFiles, AnUnchangedFileIsNotSentAgain) {
    EXPECT_EQ(serve_file(get("/sw.js", "If-None-Match", "\"x\", W/\"h5\""), kFiles).status, 304U);
    EXPECT_EQ(serve_file(get("/sw.js", "If-None-Match", "\"x\""), kFiles).status, 200U);
}

TEST(WebFiles, EveryScreenIsThePageWithAStrictPolicy) {
    for (const auto* path : {"/", "/mail", "/calendar/week", "/options/"}) {
        const auto page = serve_file(get(path, "Accept", "text/html,*/*;q=0.8"), kFiles);
        EXPECT_EQ(page.status, 200U) << path;
        EXPECT_EQ(page.body.at(0), "<p>page") << path;
        const auto policy = page.headers.get("Content-Security-Policy");
        EXPECT_NE(policy.find("require-trusted-types-for 'script'"), std::string_view::npos);
        EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string_view::npos);
    }
    EXPECT_EQ(serve_file(get("/mail/x.js", "Accept", "text/html"), kFiles).status, 404U);
    EXPECT_EQ(serve_file(get("/mail"), kFiles).status, 404U);
}

TEST(WebFiles, PathsOfDoorsAreNoScreens) {
    for (const auto* path : {"/jmap/api", "/session", "/.well-known/x", "/Autodiscover/a.xml"})
        EXPECT_FALSE(is_client_path(get(path))) << path;
    EXPECT_TRUE(is_client_path(get("/mail")));
}

TEST(WebFiles, AServerWithoutTheClientSaysSo) {
    EXPECT_EQ(serve_file(get("/"), {}).status, 200U);
    EXPECT_EQ(serve_file(get("/mail"), {}).status, 404U);
}

} // namespace
} // namespace lockstep::web
