/** Tests of how the engine is put together. */
@NullMarked
package io.dogsled;

import org.jspecify.annotations.NullMarked;
