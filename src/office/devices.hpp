// Devices of an account and their sync states, as doors reach them.
// Spec: store/devices.hpp, whose functions these are. Invariants: a device belongs to one account;
// its states are opaque bytes of the door that wrote them.
#pragma once
#include "office/office.hpp"
#include "store/devices.hpp"

namespace lockstep::office {

using store::author_of;
using store::Device;
using store::find_device;
using store::find_sync_state;
using store::list_devices;
using store::put_device;
using store::put_sync_state;

} // namespace lockstep::office
