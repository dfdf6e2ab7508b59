// Small files that are what they claim to be: pictures, a document, an archive.
// Spec: PNG (ISO 15948), JPEG (ITU T.81 baseline), PDF 1.4, ZIP (stored).
// Invariants: the same bytes for the same arguments; every file opens in any reader.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::office {

/// An RGB picture.
struct DemoImage {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels; ///< three bytes each, row by row

    DemoImage(int w, int h, std::uint32_t background);
    void set(int x, int y, std::uint32_t color);
    void fill(int x, int y, int w, int h, std::uint32_t color);
    /// An ellipse with a soft edge.
    void ellipse(double cx, double cy, double rx, double ry, std::uint32_t color);
};

/// A portrait for an address book: somebody in front of a wall, of about 3 KB.
[[nodiscard]] std::string demo_portrait_jpeg(unsigned who);
/// Columns of the given heights (0 to 100), as in a monthly report.
[[nodiscard]] std::string demo_chart_png(const std::vector<int>& values, std::uint32_t color);
/// A lamp in the dark, the picture of a newsletter.
[[nodiscard]] std::string demo_lamp_jpeg(std::uint32_t light);

/// One page with a title and lines of text (Latin-1).
[[nodiscard]] std::string demo_pdf(std::string_view title, const std::vector<std::string>& lines);
/// Name and content of each member.
[[nodiscard]] std::string demo_zip(const std::vector<std::pair<std::string, std::string>>& members);

[[nodiscard]] std::string encode_png(const DemoImage& image);
/// Baseline, 4:4:4. `quality` 1 (coarse) to 100.
[[nodiscard]] std::string encode_jpeg(const DemoImage& image, int quality);
[[nodiscard]] std::uint32_t demo_crc32(std::string_view bytes);

} // namespace lockstep::office
