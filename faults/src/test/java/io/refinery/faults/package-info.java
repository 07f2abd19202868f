/**
 * The fault suite: workers, a broker of three nodes and a store under a seeded schedule of faults,
 * and an auditor that reads topics and buckets afterwards.
 */
package io.refinery.faults;
