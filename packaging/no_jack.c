/* SPDX-License-Identifier: Apache-2.0
   libjack.so.0 for systems that have none, and so no JACK server either: no client opens, and nothing else is then called
   with one. The real library is bound to a database whose licence asks for the sources of what uses it, so it isn't
   packed; where it is installed it is used instead (src/cli/launch.h). */
#include <stddef.h>
#include <stdint.h>

void* jack_client_open(const char* name, int options, int* status, ...) {
    (void)name;
    (void)options;
    if (status != NULL) {
        *status = 0x11; /* failed, since there is no server */
    }
    return NULL;
}

/* Asked for before a client is opened. */
int jack_client_name_size(void) { return 64; }
int jack_port_name_size(void) { return 320; }

/* For everything else one is needed. */
#define REFUSED(name) intptr_t name(void) { return -1; }
#define NOTHING(name) void* name(void) { return NULL; }
REFUSED(jack_activate)
REFUSED(jack_deactivate)
REFUSED(jack_client_close)
REFUSED(jack_connect)
REFUSED(jack_port_disconnect)
REFUSED(jack_port_rename)
REFUSED(jack_port_unregister)
REFUSED(jack_midi_event_get)
REFUSED(jack_set_port_registration_callback)
REFUSED(jack_set_process_callback)
REFUSED(jack_set_sample_rate_callback)
REFUSED(jack_set_xrun_callback)
NOTHING(jack_free)
NOTHING(jack_frame_time)
NOTHING(jack_get_buffer_size)
NOTHING(jack_get_client_name)
NOTHING(jack_get_ports)
NOTHING(jack_get_sample_rate)
NOTHING(jack_get_time)
NOTHING(jack_midi_clear_buffer)
NOTHING(jack_midi_event_reserve)
NOTHING(jack_midi_get_event_count)
NOTHING(jack_on_shutdown)
NOTHING(jack_port_by_id)
NOTHING(jack_port_by_name)
NOTHING(jack_port_connected)
NOTHING(jack_port_get_all_connections)
NOTHING(jack_port_get_buffer)
NOTHING(jack_port_get_latency)
NOTHING(jack_port_name)
NOTHING(jack_port_register)
NOTHING(jack_ringbuffer_create)
NOTHING(jack_ringbuffer_free)
NOTHING(jack_ringbuffer_peek)
NOTHING(jack_ringbuffer_read)
NOTHING(jack_ringbuffer_read_advance)
NOTHING(jack_ringbuffer_read_space)
NOTHING(jack_ringbuffer_write)
NOTHING(jack_ringbuffer_write_space)
NOTHING(jack_set_error_function)
NOTHING(jack_set_info_function)
