/** Tests of the sketch. */
@NullMarked
package io.dogsled.sketch;

import org.jspecify.annotations.NullMarked;
