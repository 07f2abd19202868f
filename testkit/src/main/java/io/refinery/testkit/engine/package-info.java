/**
 * The contracts that every engine must meet, as tests to extend, and networks in plain Java to
 * compare engines with.
 *
 * <p>Anything that depends on a particular engine does not belong here.
 */
package io.refinery.testkit.engine;
