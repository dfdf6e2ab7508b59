// Small files that are what they claim to be.
// Spec: demo_files.hpp.
#include "office/demo_files.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::office {

namespace {

void put_big(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> unsigned(shift) & 0xFFU);
}
void put_little(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> unsigned(8 * i) & 0xFFU);
}

void put_chunk(std::string& out, std::string_view type, std::string_view data) {
    put_big(out, static_cast<std::uint32_t>(data.size()));
    const std::string body = std::string(type) + std::string(data);
    out += body;
    put_big(out, demo_crc32(body));
}

/// A zlib stream of stored blocks: no compression, which keeps this file short.
std::string zlib_stored(std::string_view bytes) {
    std::string out = "\x78\x01";
    std::uint32_t a = 1, b = 0;
    for (const char c : bytes) {
        a = (a + static_cast<unsigned char>(c)) % 65'521;
        b = (b + a) % 65'521;
    }
    while (true) {
        const auto piece = bytes.substr(0, 65'535);
        bytes.remove_prefix(piece.size());
        out += static_cast<char>(bytes.empty() ? 1 : 0);
        put_little(out, static_cast<std::uint32_t>(piece.size()), 2);
        put_little(out, ~static_cast<std::uint32_t>(piece.size()), 2);
        out += piece;
        if (bytes.empty())
            break;
    }
    put_big(out, b << 16U | a);
    return out;
}

std::uint32_t mix_color(std::uint32_t from, std::uint32_t to, double share) {
    std::uint32_t out = 0;
    for (const unsigned shift : {16U, 8U, 0U}) {
        const double a = from >> shift & 0xFFU, b = to >> shift & 0xFFU;
        out |= static_cast<std::uint32_t>(std::lround(a + (b - a) * share)) << shift;
    }
    return out;
}

} // namespace

std::uint32_t demo_crc32(std::string_view bytes) {
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1U ^ (crc & 1U ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

DemoImage::DemoImage(int w, int h, std::uint32_t background)
    : width(w), height(h), pixels(static_cast<std::size_t>(w * h * 3)) {
    fill(0, 0, w, h, background);
}

void DemoImage::set(int x, int y, std::uint32_t color) {
    if (x < 0 || y < 0 || x >= width || y >= height)
        return;
    const auto at = static_cast<std::size_t>((y * width + x) * 3);
    pixels[at] = static_cast<std::uint8_t>(color >> 16U);
    pixels[at + 1] = static_cast<std::uint8_t>(color >> 8U);
    pixels[at + 2] = static_cast<std::uint8_t>(color);
}

void DemoImage::fill(int x, int y, int w, int h, std::uint32_t color) {
    for (int row = y; row < y + h; ++row)
        for (int column = x; column < x + w; ++column)
            set(column, row, color);
}

void DemoImage::ellipse(double cx, double cy, double rx, double ry, std::uint32_t color) {
    for (int y = std::max(0, int(cy - ry) - 1); y < std::min(height, int(cy + ry) + 2); ++y) {
        for (int x = std::max(0, int(cx - rx) - 1); x < std::min(width, int(cx + rx) + 2); ++x) {
            const double distance = std::hypot((x - cx) / rx, (y - cy) / ry);
            const double cover = std::clamp((1 - distance) * std::min(rx, ry) + 0.5, 0.0, 1.0);
            if (cover <= 0)
                continue;
            const auto at = static_cast<std::size_t>((y * width + x) * 3);
            const std::uint32_t under = std::uint32_t(pixels[at]) << 16U |
                                        std::uint32_t(pixels[at + 1]) << 8U | pixels[at + 2];
            set(x, y, mix_color(under, color, cover));
        }
    }
}

std::string demo_portrait_jpeg(unsigned who) {
    struct Look {
        std::uint32_t wall, coat, skin, hair;
        bool long_hair;
    };
    static constexpr std::array<Look, 8> looks = {{
        {0xBFD7EA, 0x8C2F39, 0xF2C9A8, 0x7A4B2A, true},
        {0xD8E2DC, 0x2F4858, 0xE8B894, 0x3B2F2F, false},
        {0xFFE5D9, 0x4A7C59, 0xF5D0B5, 0xC9A227, true},
        {0xCDE7F0, 0x5B5F97, 0x8D5B3E, 0x1E1815, false},
        {0xE9EDC9, 0x33658A, 0xF3CDB0, 0xD9B36C, false},
        {0xF1DCE8, 0x6A4C93, 0xF0C3A2, 0x8E2C1B, true},
        {0xE2ECE9, 0xB5651D, 0xEBC19B, 0x151515, true},
        {0xDDDDEE, 0x3D405B, 0xD9A47E, 0x6B6B6B, false},
    }};
    const auto& look = looks[who % looks.size()];
    DemoImage image(120, 120, look.wall);
    for (int y = 0; y < 120; ++y)
        image.fill(0, y, 120, 1, mix_color(look.wall, 0x7F8C9A, y / 240.0));
    if (look.long_hair)
        image.ellipse(60, 62, 33, 42, look.hair);
    image.ellipse(60, 128, 48, 44, look.coat);
    image.fill(53, 76, 14, 16, mix_color(look.skin, 0x553322, 0.15));
    image.ellipse(60, 90, 14, 8, mix_color(look.skin, 0x553322, 0.08));
    image.ellipse(60, 46, 27, 28, look.hair);
    image.ellipse(60, 56, 23, 29, look.skin);
    image.ellipse(60, 29, 22, 10, look.hair);
    for (const double side : {-9.0, 9.0}) {
        image.ellipse(60 + side, 53, 4, 2.6, 0xFFFFFF);
        image.ellipse(60 + side, 53, 1.9, 2.2, 0x33302E);
        image.ellipse(60 + side, 47, 5, 1.1, look.hair);
    }
    image.ellipse(60, 62, 2.4, 4, mix_color(look.skin, 0x883311, 0.25));
    image.ellipse(60, 72, 7, 2.2, 0xB5524A);
    return encode_jpeg(image, 82);
}

std::string demo_chart_png(const std::vector<int>& values, std::uint32_t color) {
    DemoImage image(300, 140, 0xFFFFFF);
    for (int line = 20; line <= 120; line += 25)
        image.fill(10, line, 280, 1, 0xE6E6E6);
    const int step = 280 / std::max(1, int(values.size()));
    int x = 10 + step / 6;
    for (const int value : values) {
        const int height = std::clamp(value, 0, 100);
        image.fill(
            x, 120 - height, step * 2 / 3, height, mix_color(color, 0xFFFFFF, 0.35 - height / 300.0)
        );
        x += step;
    }
    image.fill(10, 120, 280, 2, 0x444444);
    return encode_png(image);
}

std::string demo_lamp_jpeg(std::uint32_t light) {
    DemoImage image(480, 240, 0x1B1F2A);
    for (int y = 0; y < 240; ++y)
        for (int x = 0; x < 480; ++x) {
            const double distance = std::hypot((x - 240) / 1.5, y - 92) / 170;
            image.set(
                x, y, mix_color(mix_color(light, 0xFFFFFF, 0.2), 0x1B1F2A, std::min(1.0, distance))
            );
        }
    image.fill(0, 206, 480, 34, 0x2E2620);
    image.fill(237, 96, 6, 108, 0xC9B98F);
    image.ellipse(240, 205, 44, 7, 0xC9B98F);
    for (int y = 0; y < 44; ++y)
        image.fill(240 - 34 - y, 54 + y, 68 + 2 * y, 1, mix_color(light, 0xFFFFFF, 0.55));
    return encode_jpeg(image, 80);
}

std::string encode_png(const DemoImage& image) {
    std::string out = "\x89PNG\r\n\x1A\n";
    std::string head;
    put_big(head, static_cast<std::uint32_t>(image.width));
    put_big(head, static_cast<std::uint32_t>(image.height));
    head += std::string("\x08\x02\x00\x00\x00", 5);
    put_chunk(out, "IHDR", head);
    const auto row = static_cast<std::size_t>(image.width) * 3;
    std::string rows;
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
        rows += '\0';
        rows += as_text(std::span(image.pixels).subspan(y * row, row));
    }
    put_chunk(out, "IDAT", zlib_stored(rows));
    put_chunk(out, "IEND", "");
    return out;
}

std::string demo_pdf(std::string_view title, const std::vector<std::string>& lines) {
    const auto quoted = [](std::string_view text) {
        return replace_all(replace_all(replace_all(text, "\\", "\\\\"), "(", "\\("), ")", "\\)");
    };
    std::string page = fmt::format("BT /F2 20 Tf 60 770 Td ({}) Tj ET\n", quoted(title));
    page += "0.8 0.8 0.8 RG 60 758 m 535 758 l S\nBT /F1 11 Tf 16 TL 60 730 Td\n";
    for (const auto& line : lines)
        page += fmt::format("({}) Tj T*\n", quoted(line));
    page += "ET\n";
    const std::vector<std::string> objects = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
        "<< /F1 5 0 R "
        "/F2 6 0 R >> >> >>",
        fmt::format("<< /Length {} >>\nstream\n{}endstream", page.size(), page),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
    };
    std::string out = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += fmt::format("{:010} 00000 n \n", out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    const auto start = out.size();
    return out + table +
           fmt::format(
               "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.size() + 1,
               start
           );
}

std::string demo_zip(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out, directory;
    for (const auto& [name, bytes] : members) {
        std::string common;
        put_little(common, 20, 2);     // version needed
        put_little(common, 0x0800, 2); // names are UTF-8
        put_little(common, 0, 2);      // stored
        put_little(common, 0x6000, 2); // 12:00
        put_little(common, 0x5C21, 2); // 1 January 2026
        put_little(common, demo_crc32(bytes), 4);
        put_little(common, static_cast<std::uint32_t>(bytes.size()), 4);
        put_little(common, static_cast<std::uint32_t>(bytes.size()), 4);
        put_little(common, static_cast<std::uint32_t>(name.size()), 2);
        put_little(common, 0, 2);
        directory += "PK\x01\x02";
        put_little(directory, 20, 2);
        directory += common;
        directory += std::string(10, '\0'); // comment, disk, attributes
        put_little(directory, static_cast<std::uint32_t>(out.size()), 4);
        directory += name;
        out += "PK\x03\x04" + common + name + bytes;
    }
    const auto start = out.size();
    out += directory + "PK\x05\x06";
    put_little(out, 0, 4);
    put_little(out, static_cast<std::uint32_t>(members.size()), 2);
    put_little(out, static_cast<std::uint32_t>(members.size()), 2);
    put_little(out, static_cast<std::uint32_t>(directory.size()), 4);
    put_little(out, static_cast<std::uint32_t>(start), 4);
    put_little(out, 0, 2);
    return out;
}

} // namespace lockstep::office
