/** Tests of the sockets: one contract for every listener, and fd 0 in a process of its own. */
@NullMarked
package io.dogsled.dogstatsd.listeners;

import org.jspecify.annotations.NullMarked;
