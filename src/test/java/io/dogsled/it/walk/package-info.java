/**
 * A walk at random over what an intake and a platform can do, through the packaged layer, and what leaves by the other door:
 * dead letters and their replay.
 */
@NullMarked
package io.dogsled.it.walk;

import org.jspecify.annotations.NullMarked;
