#include "store/blob_files.hpp"

#include <atomic>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "store/testing/sim_file_system.hpp"

namespace lockstep::store::testing {
namespace {

constexpr const char* kBlobs = "/data/blobs";

std::string blob_path(const Hash& hash) {
    const auto name = hash.hex();
    return std::string(kBlobs) + "/" + name.substr(0, 2) + "/" + name.substr(2, 2) + "/" + name;
}

std::string sample(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(size, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

} // namespace

TEST(BlobFiles, PutsAndReadsByHash) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kBlobs).value();
    const auto pin = files->put("hello world").value();
    EXPECT_EQ(pin.hash(), blake2b256("hello world"));
    EXPECT_EQ(pin.size(), 11U);
    EXPECT_EQ(files->read(pin.hash()).value(), "hello world");
    EXPECT_EQ(files->read(pin.hash(), 6, 100).value(), "world");
    EXPECT_EQ(files->size(pin.hash()).value(), 11U);
    EXPECT_TRUE(files->verify(pin.hash()));
    EXPECT_EQ(disk.read(blob_path(pin.hash()), 0, 100).value(), "hello world");
    const std::string_view pieces[] = {"hello", "", " world"};
    EXPECT_EQ(files->put(pieces).value().hash(), pin.hash());
    EXPECT_EQ(files->put("").value().size(), 0U);
    EXPECT_EQ(files->read(blake2b256("other")).error().code, Code::not_found);
    EXPECT_EQ(files->verify(blake2b256("other")).error().code, Code::not_found);
    EXPECT_EQ(files->pin(blake2b256("other")).error().code, Code::not_found);
}

TEST(BlobFiles, WritesNothingForContentThatIsThere) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kBlobs).value();
    {
        const auto pin = files->put("same").value();
    }
    const auto before = disk.operations();
    {
        const auto pin = files->put("same").value();
    }
    {
        const auto pin = files->pin(blake2b256("same")).value();
    }
    EXPECT_EQ(disk.operations(), before);
    auto writer = files->writer().value();
    ASSERT_TRUE(writer.append("same"));
    ASSERT_TRUE(writer.finish());
    EXPECT_TRUE(disk.list(std::string(kBlobs) + "/tmp").value().size() <= 1);
}

TEST(BlobFiles, StreamsABlobInPieces) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kBlobs).value();
    const auto text = sample(3'000'000, 1);
    {
        auto writer = files->writer().value();
        for (std::size_t at = 0; at < text.size(); at += 70'000) {
            ASSERT_TRUE(writer.append(std::string_view(text).substr(at, 70'000)));
        }
        EXPECT_EQ(writer.size(), text.size());
        const auto pin = writer.finish().value();
        EXPECT_EQ(pin.hash(), blake2b256(text));
        EXPECT_EQ(pin.size(), text.size());
        EXPECT_TRUE(files->verify(pin.hash()));
    }
    {
        auto given_up = files->writer().value();
        ASSERT_TRUE(given_up.append("half a mail"));
        EXPECT_EQ(disk.list(std::string(kBlobs) + "/tmp").value().size(), 1U);
        const auto moved = std::move(given_up);
    }
    EXPECT_TRUE(disk.list(std::string(kBlobs) + "/tmp").value().empty());
}

TEST(BlobFiles, RemovesTemporaryFilesOfACrashedProcessAtOpen) {
    SimFileSystem disk;
    {
        const auto files = BlobFiles::open(disk, kBlobs).value();
        auto writer = files->writer().value();
        ASSERT_TRUE(writer.append("half a mail"));
        disk.inject(Fault::power_off, disk.operations() + 1);
    }
    ASSERT_TRUE(disk.is_off());
    disk.reboot(Forget::nothing, 1);
    // The removal was the operation at which the power went off, so a second one is left by hand.
    const std::string_view pieces[] = {"rest"};
    ASSERT_TRUE(disk.write_file(std::string(kBlobs) + "/tmp/7", pieces));
    const auto files = BlobFiles::open(disk, kBlobs).value();
    EXPECT_TRUE(disk.list(std::string(kBlobs) + "/tmp").value().empty());
}

TEST(BlobFiles, R7FindsDamageAndHealsATruncatedFile) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kBlobs).value();
    const auto hash = files->put("precious").value().hash();
    ASSERT_TRUE(disk.flip_bit(blob_path(hash), 3, 2));
    EXPECT_EQ(files->verify(hash).error().code, Code::corrupt);
    EXPECT_EQ(files->read(hash).error().code, Code::corrupt);
    auto file = disk.open(blob_path(hash), false).value();
    ASSERT_TRUE(file.truncate(3));
    EXPECT_EQ(files->verify(hash).error().code, Code::corrupt);
    EXPECT_TRUE(files->put("precious"));
    EXPECT_EQ(files->read(hash).value(), "precious");
}

TEST(BlobFiles, D3PutIsDurableAtEveryPowerLossWhenItAnswered) {
    // Each round cuts the power at one operation of a small workload; every acknowledged blob must
    // be there, whole, whatever the crash forgets, and no blob that is there may be wrong.
    const std::vector<std::string> texts = {"a", "b", sample(5'000, 2), "a", "", sample(2'000, 3),
                                            "b"};
    bool done = false;
    for (std::uint64_t at = 1; !done; ++at) {
        for (const auto forget : kForgets) {
            SimFileSystem disk;
            disk.inject(Fault::power_off, at);
            std::vector<Hash> acknowledged;
            if (const auto files = BlobFiles::open(disk, kBlobs)) {
                for (const auto& text : texts) {
                    if (const auto pin = (*files)->put(text))
                        acknowledged.push_back(pin->hash());
                }
            }
            done = !disk.is_off();
            disk.reboot(forget, at);
            const auto files = BlobFiles::open(disk, kBlobs).value();
            for (const auto& hash : acknowledged) {
                ASSERT_TRUE(files->verify(hash)) << "operation " << at << " " << name_of(forget);
            }
            ASSERT_TRUE(files->each([&](const Hash& hash) { return files->verify(hash); }))
                << "operation " << at << " " << name_of(forget);
        }
    }
}

TEST(BlobFiles, D3FindingAFileOfADeadProcessMakesItsNameDurable) {
    // The process ends between rename and directory sync; the next one finds the file, and then the
    // power goes.
    bool done = false;
    for (std::uint64_t at = 1; !done; ++at) {
        SimFileSystem disk;
        disk.inject(Fault::power_off, at);
        if (const auto files = BlobFiles::open(disk, kBlobs))
            (void)(*files)->put("text");
        done = !disk.is_off();
        disk.reboot(Forget::nothing, at);
        const auto again = BlobFiles::open(disk, kBlobs).value();
        ASSERT_TRUE(again->put("text"));
        disk.reboot(Forget::everything, at);
        const auto files = BlobFiles::open(disk, kBlobs).value();
        ASSERT_TRUE(files->verify(blake2b256("text"))) << "operation " << at;
    }
}

TEST(BlobFiles, D4ClosesForWritingWhenTheDiskFails) {
    bool done = false;
    std::uint64_t closed = 0;
    for (std::uint64_t nth = 1; !done; ++nth) {
        SimFileSystem disk;
        const auto files = BlobFiles::open(disk, kBlobs).value();
        ASSERT_TRUE(files->put("before"));
        disk.inject(Fault::io_error, disk.operations() + nth);
        const auto pin = files->put("text");
        done = !disk.has_failed();
        EXPECT_EQ(pin.has_value(), done);
        EXPECT_EQ(files->writable(), done);
        if (done)
            break;
        ++closed;
        EXPECT_EQ(files->put("text").error().code, Code::unavailable);
        EXPECT_EQ(files->put("before").error().code, Code::unavailable);
        EXPECT_EQ(files->pin(blake2b256("before")).error().code, Code::unavailable);
        EXPECT_FALSE(files->writer());
        EXPECT_EQ(files->read(blake2b256("before")).value(), "before");
    }
    EXPECT_GE(closed, 6U);
}

TEST(BlobFiles, R5RecoversFromAFullDiskWithoutARestart) {
    for (std::uint64_t nth = 1; nth <= 8; ++nth) {
        SimFileSystem disk;
        const auto files = BlobFiles::open(disk, kBlobs).value();
        disk.inject(Fault::no_space, disk.operations() + nth, true);
        const auto refused = files->put("text");
        if (!refused) {
            EXPECT_EQ(refused.error().code, Code::unavailable);
            EXPECT_TRUE(disk.list(std::string(kBlobs) + "/tmp").value().empty());
        }
        EXPECT_TRUE(files->writable());
        disk.clear_fault();
        EXPECT_TRUE(files->put("text"));
    }
}

TEST(BlobFiles, R6RunsOutOfDescriptorsAndGoesOnDurably) {
    for (std::uint64_t nth = 1; nth <= 8; ++nth) {
        SimFileSystem disk;
        const auto files = BlobFiles::open(disk, kBlobs).value();
        disk.inject(Fault::no_handles, disk.operations() + nth);
        const auto refused = files->put("text");
        EXPECT_EQ(refused.has_value(), !disk.has_failed()) << "operation " << nth;
        EXPECT_TRUE(files->writable()) << "operation " << nth;
        ASSERT_TRUE(files->put("text")) << "operation " << nth;
        const auto after = disk.image(Forget::everything, nth);
        const auto recovered = BlobFiles::open(*after, kBlobs).value();
        EXPECT_TRUE(recovered->verify(blake2b256("text"))) << "operation " << nth;
    }
}

TEST(BlobFiles, ConcurrentPutsOfOneContentWaitForItsDurability) {
    // Every thread, whenever its put answers, takes the disk as a power loss would leave it: the
    // blob must be there.
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kBlobs).value();
    for (int round = 0; round < 50; ++round) {
        const auto text = "round " + std::to_string(round);
        std::atomic<int> lost{0};
        const auto worker = [&] {
            if (!files->put(text))
                ++lost;
            const auto after = disk.image(Forget::everything, 1);
            if (after->read(blob_path(blake2b256(text)), 0, 100).value_or("") != text)
                ++lost;
        };
        std::vector<std::thread> workers;
        for (int i = 0; i < 3; ++i)
            workers.emplace_back(worker);
        for (auto& thread : workers)
            thread.join();
        ASSERT_EQ(lost.load(), 0) << text;
    }
}

} // namespace lockstep::store::testing
