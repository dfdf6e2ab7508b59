// The bytes of WBXML that ActiveSync uses, and the ones that it must not.
// Spec: MS-ASWBXML 1.6 (global tokens), 2.1.3 (what is used); WBXML 1.3 5.8.
#pragma once
#include <cstdint>
#include <string_view>

namespace lockstep::wbxml::format {

inline constexpr std::uint8_t kSwitchPage = 0x00;
inline constexpr std::uint8_t kEnd = 0x01;
inline constexpr std::uint8_t kInlineString = 0x03;
inline constexpr std::uint8_t kOpaque = 0xC3;

inline constexpr std::uint8_t kContent = 0x40;    ///< flag of a tag that has content
inline constexpr std::uint8_t kAttributes = 0x80; ///< flag of a tag that has attributes
inline constexpr std::uint8_t kTokenMask = 0x3F;
inline constexpr std::uint8_t kFirstTag = 0x05; ///< tokens below, with any flags, are global

inline constexpr std::uint8_t kVersion11 = 0x01;
inline constexpr std::uint8_t kVersion13 = 0x03;
inline constexpr std::uint32_t kUtf8 = 106; ///< IANA MIBenum; 0 means "not said"
inline constexpr std::uint64_t kLengthMax = 0xFFFF'FFFFU;
inline constexpr int kLengthBytes = 5; ///< longest mb_u_int32

/// WBXML 1.3, public id 1 (unknown), UTF-8, no string table.
inline constexpr std::string_view kHeader{"\x03\x01\x6A\x00", 4};

} // namespace lockstep::wbxml::format
