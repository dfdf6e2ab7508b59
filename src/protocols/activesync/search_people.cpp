// Queries to the address list.
#include "protocols/activesync/search_people.hpp"

#include "base/text.hpp"
#include "office/people.hpp"

namespace lockstep::activesync {
namespace {

bool read_bound(const wbxml::Node& picture, wbxml::Tag tag, std::size_t most, std::size_t& value) {
    const auto* node = picture.find(tag);
    if (node == nullptr)
        return true;
    const auto number = parse_int<std::size_t>(trim(node->text));
    if (!number)
        return false;
    value = std::min(*number, most);
    return true;
}

} // namespace

std::optional<eas::GalPicture>
read_gal_picture(const wbxml::Node* picture, wbxml::Tag max_size, wbxml::Tag max_pictures) {
    eas::GalPicture wanted;
    wanted.max_size = limits::kEasPhoto;
    wanted.left = limits::kEasPhotos;
    if (picture == nullptr)
        return wanted;
    wanted.wanted = true;
    if (!read_bound(*picture, max_size, limits::kEasPhoto, wanted.max_size) ||
        !read_bound(*picture, max_pictures, limits::kEasPhotos, wanted.left))
        return std::nullopt;
    return wanted;
}

Task<Result<FoundPeople>>
search_people(Exchange& exchange, std::string_view text, std::size_t first, std::size_t count) {
    FoundPeople found;
    if (trim(text).size() < kShortestName)
        co_return found;
    CO_TRY(
        auto people,
        co_await office::find_people(exchange.office(), exchange.actor, {std::string(text), false})
    );
    found.total = people.size();
    for (std::size_t i = first; i < people.size() && i - first < count; ++i)
        found.cards.push_back(std::move(people[i].card));
    co_return found;
}

} // namespace lockstep::activesync
