// Address list parsing; see address.hpp.
#include "codec/mime/address.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::mime {

namespace {

bool is_atom_char(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
           !std::string_view("()<>[]:;@\\,.\"").contains(c);
}

/// Whether a local-part may stand without quotes (dot-atom).
bool is_dot_atom(std::string_view text) {
    bool atom = false;
    for (const char c : text) {
        if (c == '.' ? !atom : !is_atom_char(c))
            return false;
        atom = c != '.';
    }
    return atom;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

/// What was read of one mailbox so far.
struct Draft {
    std::string phrase; ///< display name, raw, quotes removed
    std::string spec;   ///< the same tokens as an addr-spec: no blanks, local-part unquoted
    std::size_t at_sign = std::string::npos; ///< of the last unquoted '@' in spec
    std::string comment;
    bool angle = false; ///< spec came from angle brackets
    [[nodiscard]] bool empty() const { return phrase.empty() && spec.empty() && !angle; }
};

class AddressReader {
public:
    explicit AddressReader(std::string_view text) : text_(text), last_bracket_(text.rfind('>')) {}

    std::vector<Address> run() {
        while (at_ < text_.size() && found_.size() < limits::kAddressesPerField)
            step();
        finish();
        end_group();
        return std::move(found_);
    }

private:
    void step() {
        const char c = text_[at_];
        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            space_ = true;
            ++at_;
            return;
        case ',':
            finish();
            ++at_;
            return;
        case ';':
            finish();
            end_group();
            ++at_;
            return;
        case ':':
            if (draft_.at_sign == std::string::npos && !draft_.angle && !in_group_ &&
                !draft_.phrase.empty()) {
                begin_group();
            } else {
                add(":", true);
            }
            ++at_;
            return;
        case '(':
            draft_.comment = take_comment();
            return;
        case '"':
            add(take_quoted(), true);
            return;
        case '<':
            take_angle();
            return;
        case '@':
            if (!draft_.angle)
                draft_.at_sign = draft_.spec.size();
            add("@", false);
            ++at_;
            return;
        default:
            take_atom();
            return;
        }
    }

    /// Adds to the phrase and to the addr-spec; blanks before a token matter only to the phrase.
    void add(std::string_view token, bool may_space) {
        if (draft_.angle) {
            // Text behind <...>: a missing comma or a remark; it starts nothing unless an address
            // follows.
            pending_ += space_ ? " " : "";
            pending_ += token;
            space_ = false;
            return;
        }
        if (space_ && may_space && !draft_.phrase.empty())
            draft_.phrase += ' ';
        draft_.phrase += token;
        draft_.spec += token;
        space_ = false;
    }

    void take_atom() {
        const auto word = encoded_word_length(text_.substr(at_));
        auto end = at_ + word;
        if (word == 0) {
            end = at_ + 1;
            while (end < text_.size() && !std::string_view(" \t\r\n,;:(\"<@").contains(text_[end]))
                ++end;
        }
        add(text_.substr(at_, end - at_), true);
        // Adjacent encoded-words stay apart in the phrase by their blank; glued ones need none.
        at_ = end;
    }

    std::string take_quoted() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                break;
            }
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                ++at_;
            value += text_[at_];
        }
        return value;
    }

    std::string take_comment() {
        std::string value;
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(' && depth++ == 0)
                continue;
            if (c == ')' && --depth == 0) {
                ++at_;
                break;
            }
            if (c == '\\' && at_ + 1 < text_.size())
                ++at_;
            value += text_[at_];
        }
        space_ = true;
        return value;
    }

    void take_angle() {
        if (draft_.angle) {
            // Two addresses without a comma: what stood between names the second.
            auto name = std::move(pending_);
            finish();
            draft_.phrase = trim(name);
        }
        ++at_;
        const bool closed = last_bracket_ != std::string_view::npos && last_bracket_ >= at_;
        draft_.angle = true;
        draft_.spec.clear();
        draft_.at_sign = std::string::npos;
        while (at_ < text_.size() && text_[at_] != '>' && (closed || text_[at_] != ','))
            take_angle_token();
        if (at_ < text_.size() && text_[at_] == '>')
            ++at_;
        space_ = false;
    }

    void take_angle_token() {
        const char c = text_[at_];
        if (c == '"') {
            draft_.spec += take_quoted();
        } else if (c == '(') {
            const auto ignored = take_comment();
        } else if (is_space(c)) {
            ++at_;
        } else if (c == ':' && draft_.at_sign == 0) {
            // End of a source route (RFC 5322 4.4), which means nothing any more.
            draft_.spec.clear();
            draft_.at_sign = std::string::npos;
            ++at_;
        } else {
            // The first '@' of a route marks it as one; otherwise the last '@' separates the
            // domain.
            if (c == '@' && draft_.at_sign != 0)
                draft_.at_sign = draft_.spec.size();
            draft_.spec += c;
            ++at_;
        }
    }

    void begin_group() {
        in_group_ = true;
        group_ = decode_words(draft_.phrase);
        group_empty_ = true;
        draft_ = {};
    }

    void end_group() {
        if (in_group_ && group_empty_)
            found_.push_back(Address{{}, {}, {}, group_});
        in_group_ = false;
        group_.clear();
    }

    void finish() {
        Draft draft = std::move(draft_);
        draft_ = {};
        pending_.clear();
        space_ = false;
        if (draft.empty() || found_.size() >= limits::kAddressesPerField)
            return;
        Address address;
        address.group = group_;
        if (draft.at_sign != std::string::npos) {
            address.local = to_clean_line(std::string_view(draft.spec).substr(0, draft.at_sign));
            address.domain = to_clean_line(std::string_view(draft.spec).substr(draft.at_sign + 1));
        } else if (draft.angle || !draft.phrase.contains(' ')) {
            address.local = to_clean_line(draft.spec);
        }
        if (draft.angle || draft.at_sign == std::string::npos) {
            address.name = decode_text(draft.phrase);
            if (!draft.angle && !address.local.empty())
                address.name.clear();
        }
        if (address.name.empty())
            address.name = decode_text(draft.comment);
        if (address.local.empty() && address.domain.empty() && address.name.empty())
            return;
        group_empty_ = false;
        found_.push_back(std::move(address));
    }

    std::string_view text_;
    std::size_t last_bracket_; ///< of the last '>': whether an angle bracket can still be closed
    std::size_t at_ = 0;
    bool space_ = false;
    Draft draft_;
    std::string pending_;
    bool in_group_ = false;
    bool group_empty_ = true;
    std::string group_;
    std::vector<Address> found_;
};

} // namespace

std::string Address::text() const {
    if (local.empty() && domain.empty())
        return {};
    std::string out = is_dot_atom(local) ? local : quoted(local);
    if (!domain.empty())
        out.append("@").append(domain);
    return out;
}

std::string Address::display() const {
    const auto address = text();
    if (address.empty() && name.empty())
        return group.empty() ? std::string() : group + ":;";
    if (address.empty())
        return quoted(name);
    return name.empty() ? address : quoted(name) + " <" + address + ">";
}

std::vector<Address> parse_addresses(std::string_view raw) { return AddressReader(raw).run(); }

std::string display(const std::vector<Address>& addresses) {
    std::string out;
    for (const auto& address : addresses) {
        auto text = address.display();
        if (text.empty())
            continue;
        if (!out.empty())
            out += ", ";
        out += text;
    }
    return out;
}

} // namespace lockstep::mime
