/**
 * The fault matrix: what an intake can do to the extension, under every strategy and with one or two endpoints. The packaged layer
 * in the local Lambda, which freezes it between invocations; a function that knows what it sent; and the judgement that nothing
 * is missing at the intake which the ledger does not name.
 */
@org.jspecify.annotations.NullMarked
package io.dogsled.it.flush;
