/** Tests of the encoders. */
@NullMarked
package io.dogsled.serializer;

import org.jspecify.annotations.NullMarked;
