/** Tests of the loop, driven frame by frame with a clock that stands still; and of the frames, byte by byte. */
@NullMarked
package io.dogsled.lambda;

import org.jspecify.annotations.NullMarked;
