module "network" {
  source = "../../../modules/network"

  name       = "staging"
  cidr_block = "10.20.0.0/16"
}

output "vpc_id" {
  description = "For the states that build on this network."
  value       = module.network.vpc_id
}
