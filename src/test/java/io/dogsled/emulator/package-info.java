/** Tests of the local Lambda: its contract with extensions and runtimes, spoken to by scripted ones. */
@NullMarked
package io.dogsled.emulator;

import org.jspecify.annotations.NullMarked;
