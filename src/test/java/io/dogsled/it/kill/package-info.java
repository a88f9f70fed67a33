/**
 * The kill matrix: what happens to the engine, in which state, and that the function feels nothing of it. The packaged layer in the
 * local Lambda, with a real function under AWS's runtime client.
 */
@org.jspecify.annotations.NullMarked
package io.dogsled.it.kill;
