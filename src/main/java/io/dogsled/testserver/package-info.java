/**
 * The latency test server: a fake intake over HTTP or HTTPS with latency and scripted faults that counts, records and
 * decodes what it gets. In process for tests, as the command {@code dogsled testserver} for users. It keeps the surface
 * and the order of work of the Datadog Agent's {@code newTestServerWithLatency} (pkg/trace/writer/testserver.go).
 *
 * <p>May use {@code base}, the generated classes in {@code testserver.wire} and jackson-databind; shares no code with the
 * extension that it judges, or one bug could hide in both.
 *
 * <p>Threads: one virtual thread accepts, one virtual thread per connection reads, waits and answers; any thread may read
 * counters and payloads or change the script; a
 * schedule that refuses connections has one more. Where a request's status is decided: {@code Exchange}; what is remembered
 * of its time: {@code Trace}.
 */
@NullMarked
package io.dogsled.testserver;

import org.jspecify.annotations.NullMarked;
