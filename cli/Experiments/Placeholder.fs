namespace Iqt.Experiments

module Placeholder =
    let value = 1
