/** Tests of the local endpoint over real sockets. */
@NullMarked
package io.dogsled.control;

import org.jspecify.annotations.NullMarked;
