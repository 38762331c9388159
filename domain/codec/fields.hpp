#pragma once

// The JSON of every event and command, one table an entity.
#include "domain/codec/fields_partnership.hpp"
#include "domain/codec/fields_person.hpp"
#include "domain/codec/fields_proposal.hpp"
#include "domain/codec/fields_sites.hpp"
#include "domain/codec/fields_text.hpp"
#include "domain/codec/fields_towns.hpp"
#include "domain/codec/fields_version.hpp"
#include "domain/codec/fields_visit.hpp"
