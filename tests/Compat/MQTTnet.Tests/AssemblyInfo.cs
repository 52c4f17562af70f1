// An exception nobody observed belongs to the process: only one test at a time can be held to account for it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
