// Streaming WBXML writer.
// Spec: MS-ASWBXML 2.1.2.1 (pages), 2.1.3 (inline strings, opaque data); WBXML 1.3 5.1
// (mb_u_int32).
#include "codec/wbxml/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "codec/wbxml/format.hpp"
#include "codec/wbxml/text_run.hpp"

namespace lockstep::wbxml {

namespace {

void append_length(std::string& out, std::size_t value) {
    int shift = 28;
    while (shift > 0 && (value >> shift) == 0)
        shift -= 7;
    for (; shift > 0; shift -= 7)
        out += static_cast<char>(0x80U | ((value >> shift) & 0x7FU));
    out += static_cast<char>(value & 0x7FU);
}

std::string label_of(Tag tag) {
    const auto name = name_of(tag);
    if (name.empty())
        return std::to_string(tag.page) + ":" + std::to_string(tag.token);
    return std::string(namespace_of(tag.page)).append(":").append(name);
}

} // namespace

Writer::Writer(Version version, std::size_t reserve) : version_(version) {
    out_.reserve(reserve);
    reset();
}

void Writer::reset() {
    out_.assign(format::kHeader);
    open_.clear();
    error_.clear();
    page_ = 0;
    skipped_ = 0;
    root_done_ = false;
}

void Writer::misuse(std::string text) {
    if (error_.empty())
        error_ = std::move(text);
}

/// Writes the tag, marked as having content, or starts to skip it.
bool Writer::begin(Tag tag) {
    if (skipped_ > 0)
        return false;
    if (!allows(tag)) {
        misuse(label_of(tag).append(" cannot be sent to ").append(wbxml::text_of(version_)));
        return false;
    }
    if (open_.empty() && root_done_) {
        misuse(label_of(tag).append(" would be a second root element"));
        return false;
    }
    if (tag.page != page_) {
        out_ += static_cast<char>(format::kSwitchPage);
        out_ += static_cast<char>(tag.page);
        page_ = tag.page;
    }
    root_done_ = true;
    out_ += static_cast<char>(tag.token | format::kContent);
    return true;
}

void Writer::open(Tag tag) {
    if (begin(tag))
        open_.push_back(out_.size() - 1);
    else
        ++skipped_;
}

void Writer::close() {
    if (skipped_ > 0) {
        --skipped_;
        return;
    }
    if (open_.empty()) {
        misuse("close without an open element");
        return;
    }
    const auto at = open_.back();
    open_.pop_back();
    if (at + 1 == out_.size())
        out_[at] = static_cast<char>(static_cast<std::uint8_t>(out_[at]) & format::kTokenMask);
    else
        out_ += static_cast<char>(format::kEnd);
}

void Writer::element(Tag tag, std::string_view text) {
    open(tag);
    put_text(text);
    close();
}

void Writer::empty(Tag tag) {
    open(tag);
    close();
}

void Writer::opaque(Tag tag, std::string_view bytes) {
    open(tag);
    put_opaque(bytes);
    close();
}

bool Writer::may_write() {
    if (skipped_ > 0)
        return false;
    if (open_.empty())
        misuse("content outside of the root element");
    return !open_.empty();
}

void Writer::text(std::string_view text) {
    if (may_write())
        put_text(text);
}

void Writer::opaque(std::string_view bytes) {
    if (may_write())
        put_opaque(bytes);
}

void Writer::put_text(std::string_view text) {
    if (skipped_ > 0)
        return;
    const auto before = out_.size();
    out_ += static_cast<char>(format::kInlineString);
    append_clean(out_, text);
    if (out_.size() == before + 1)
        out_.pop_back(); // nothing left of it: the element stays empty
    else
        out_ += '\0';
}

void Writer::put_opaque(std::string_view bytes) {
    if (skipped_ > 0)
        return;
    if (bytes.empty())
        return;
    if (bytes.size() > format::kLengthMax) {
        misuse("opaque data beyond 4 GiB");
        return;
    }
    out_ += static_cast<char>(format::kOpaque);
    append_length(out_, bytes.size());
    out_ += bytes;
}

Writer::Mark Writer::mark() const {
    return {out_.size(), open_.size(), skipped_, page_, root_done_, ok()};
}

void Writer::rollback(const Mark& mark) {
    const bool same_elements = open_.size() == mark.depth && skipped_ == mark.skipped &&
                               (open_.empty() || open_.back() < mark.size);
    if (!same_elements || mark.size > out_.size()) {
        misuse("rollback across an element");
        return;
    }
    out_.resize(mark.size);
    page_ = mark.page;
    root_done_ = mark.root_done;
    if (mark.ok)
        error_.clear();
}

Result<std::string> Writer::finish() {
    if (depth() > 0)
        misuse("finish with an open element");
    if (!root_done_)
        misuse("finish without a root element");
    auto error = std::move(error_);
    auto out = std::move(out_);
    reset();
    if (!error.empty())
        return fail(Code::internal, std::move(error));
    return out;
}

} // namespace lockstep::wbxml
