// Packer and Unpacker: the compact binary form of small stored records (sync states, kept results).
// Invariants: unpacking never reads past the end and never allocates more than the input's size; a
// failed Unpacker stays failed and answers zeros, so that a decoder checks ok() once, at its end.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep {

class Packer {
public:
    /// LEB128.
    void number(std::uint64_t value) {
        while (value >= 0x80) {
            out_ += static_cast<char>((value & 0x7F) | 0x80);
            value >>= 7;
        }
        out_ += static_cast<char>(value);
    }
    /// Zigzag, so that small negative numbers stay short.
    void integer(std::int64_t value) {
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value) {
        number(value.size());
        out_ += value;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (bytes_.empty())
                break;
            const auto byte = static_cast<unsigned char>(bytes_.front());
            bytes_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return value;
        }
        failed_ = true;
        bytes_ = {};
        return 0;
    }
    std::int64_t integer() {
        const auto value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::string_view text() {
        const auto size = number();
        if (size > bytes_.size()) {
            failed_ = true;
            bytes_ = {};
            return {};
        }
        const auto value = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return value;
    }
    /// How many records may follow, each of at least one byte: bounds a loop over a stored count.
    std::size_t count() {
        const auto value = number();
        if (value > bytes_.size())
            failed_ = true;
        return failed_ ? 0 : static_cast<std::size_t>(value);
    }
    [[nodiscard]] bool ok() const { return !failed_; }
    [[nodiscard]] bool at_end() const { return bytes_.empty(); }

private:
    std::string_view bytes_;
    bool failed_ = false;
};

} // namespace lockstep
